citybridge_test(fuzz/asterisk_corpus LABELS fuzz
  SOURCES asterisk_corpus_test.cpp asterisk_frames_fuzz.cpp asterisk_session_fuzz.cpp
  LIBRARIES asterisk_parts fuzz_corpus)
citybridge_fuzzers(asterisk asterisk_frames_fuzz.cpp asterisk_session_fuzz.cpp)
