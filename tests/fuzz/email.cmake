# Seeds are made with the plugin's own keys, so that the program that writes them links the plugin too.
target_sources(fuzz_corpus PRIVATE email_seeds.cpp)
target_link_libraries(fuzz_corpus PUBLIC email_parts)
citybridge_test(fuzz/email_corpus LABELS fuzz
  SOURCES email_corpus_test.cpp email_build_fuzz.cpp email_parse_fuzz.cpp
  LIBRARIES email_parts fuzz_corpus)
citybridge_fuzzers(email email_build_fuzz.cpp email_parse_fuzz.cpp)
