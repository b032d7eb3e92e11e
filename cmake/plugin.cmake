# citybridge_plugin(NAME source...): one plugin as a shared library in lib/plugins.
# It sees core/api and its own folder; every symbol but the manifest is hidden,
# and nothing may stay unresolved at load time.
# Protocol code that tests and benchmarks use too goes into citybridge_plugin_parts.
function(citybridge_plugin name)
  add_library(plugin_${name} MODULE ${ARGN})
  set_target_properties(plugin_${name} PROPERTIES
    PREFIX "" OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/plugins)
  target_link_libraries(plugin_${name} PRIVATE citybridge_api)
  target_precompile_headers(plugin_${name} REUSE_FROM citybridge_api)
  # Sanitizer runtimes live in the executable, so their symbols stay open.
  if(NOT CITYBRIDGE_SANITIZE)
    target_link_options(plugin_${name} PRIVATE -Wl,-z,defs)
  endif()
  target_link_options(plugin_${name} PRIVATE -Wl,-z,now -Wl,--exclude-libs,ALL)
  set_property(GLOBAL APPEND PROPERTY CITYBRIDGE_PLUGINS plugin_${name})
endfunction()

# citybridge_plugin_parts(NAME source...): the plugin's code without its manifest, as a static library.
function(citybridge_plugin_parts name)
  add_library(${name}_parts STATIC ${ARGN})
  target_link_libraries(${name}_parts PUBLIC citybridge_api)
  target_precompile_headers(${name}_parts REUSE_FROM citybridge_api)
endfunction()

# citybridge_library(NAME source...): one room of core/.
function(citybridge_library name)
  add_library(citybridge_${name} STATIC ${ARGN})
  if(NOT name STREQUAL "api")
    target_link_libraries(citybridge_${name} PUBLIC citybridge_api)
    target_precompile_headers(citybridge_${name} REUSE_FROM citybridge_api)
  endif()
endfunction()

# citybridge_test(TIER/NAME LABELS... SOURCES... LIBRARIES... [SECONDS N]): one GoogleTest program, registered with
# ctest. SECONDS: about how long it takes, for those of more than half a minute: the longest begin first, or on a fresh
# clone, where nobody has measured yet, one processor would wait for the other at the end.
function(citybridge_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT;SECONDS" "LABELS;SOURCES;LIBRARIES" ${ARGN})
  string(REPLACE "/" "_" target ${name})
  add_executable(${target} ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE ${ARG_LIBRARIES} citybridge_test_main)
  target_precompile_headers(${target} REUSE_FROM citybridge_test_main)
  target_compile_definitions(${target} PRIVATE
    CITYBRIDGE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" CITYBRIDGE_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${target} --gtest_brief=1)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  if(CITYBRIDGE_SANITIZE) # everything takes several times as long
    math(EXPR ARG_TIMEOUT "4 * ${ARG_TIMEOUT}")
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
  if(ARG_SECONDS)
    set_tests_properties(${name} PROPERTIES COST ${ARG_SECONDS})
  endif()
endfunction()
