add_library(city_link_servers STATIC
  ${CMAKE_CURRENT_LIST_DIR}/line.cpp ${CMAKE_CURRENT_LIST_DIR}/nats_servers.cpp ${CMAKE_CURRENT_LIST_DIR}/pem_files.cpp)
target_link_libraries(city_link_servers PUBLIC OpenSSL::Crypto Threads::Threads)
target_compile_definitions(city_link_servers PRIVATE CITYBRIDGE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
