# SOCI and the two databases' own libraries. Debian's SOCI has no CMake configuration.
find_path(SOCI_INCLUDE_DIR soci/soci.h REQUIRED)
find_path(POSTGRESQL_INCLUDE_DIR libpq-fe.h PATH_SUFFIXES postgresql REQUIRED)
add_library(citybridge_soci INTERFACE)
# SYSTEM: its headers are not written for our warnings.
target_include_directories(citybridge_soci SYSTEM INTERFACE
  ${SOCI_INCLUDE_DIR} ${SOCI_INCLUDE_DIR}/soci ${POSTGRESQL_INCLUDE_DIR})
foreach(part core sqlite3 postgresql)
  find_library(SOCI_${part}_LIBRARY soci_${part} REQUIRED)
  target_link_libraries(citybridge_soci INTERFACE ${SOCI_${part}_LIBRARY})
endforeach()
find_library(SQLITE3_LIBRARY sqlite3 REQUIRED)
find_library(PQ_LIBRARY pq REQUIRED)
target_link_libraries(citybridge_soci INTERFACE ${SQLITE3_LIBRARY} ${PQ_LIBRARY})
