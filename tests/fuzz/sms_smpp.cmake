target_sources(fuzz_corpus PRIVATE sms_smpp_seeds.cpp)
target_link_libraries(fuzz_corpus PUBLIC sms_smpp_parts)
citybridge_test(fuzz/sms_smpp_corpus LABELS fuzz
  SOURCES sms_smpp_corpus_test.cpp sms_smpp_codec_fuzz.cpp sms_smpp_session_fuzz.cpp
  LIBRARIES sms_smpp_parts fuzz_corpus)
citybridge_fuzzers(sms_smpp sms_smpp_codec_fuzz.cpp sms_smpp_session_fuzz.cpp)
