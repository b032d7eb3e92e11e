citybridge_test(fuzz/asterisk_corpus LABELS fuzz
  SOURCES asterisk_corpus_test.cpp asterisk_session_fuzz.cpp
  LIBRARIES asterisk_parts capture_file)

# The fuzzer sees into code compiled with it, so it takes the sources, not the library.
if(CITYBRIDGE_FUZZ)
  get_target_property(asterisk_sources asterisk_parts SOURCES)
  list(TRANSFORM asterisk_sources PREPEND ${CMAKE_SOURCE_DIR}/adapters/asterisk/)
  add_executable(fuzz_asterisk_session asterisk_session_fuzz.cpp ${asterisk_sources})
  target_link_libraries(fuzz_asterisk_session PRIVATE citybridge_api OpenSSL::Crypto)
  target_compile_definitions(fuzz_asterisk_session PRIVATE CITYBRIDGE_LIBFUZZER)
  target_compile_options(fuzz_asterisk_session PRIVATE -fsanitize=fuzzer,address,undefined)
  target_link_options(fuzz_asterisk_session PRIVATE -fsanitize=fuzzer,address,undefined)
endif()
