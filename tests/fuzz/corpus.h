#pragma once
// Inputs for the fuzzers, cut from recorded traffic.
#include <string>
#include <string_view>
#include <vector>

namespace citybridge {

// Pieces of a capture under tests/wire/captures, each behind a first byte that
// says how a fuzzer reads it. `name` as in capture().
std::vector<std::string> corpus_of(const std::string& name, std::string_view first_bytes, std::size_t piece_bytes);

// Seeds of one fuzzer, by the name of its program ("fuzz_freeswitch_frames").
std::vector<std::string> seeds_of(std::string_view fuzzer);

}  // namespace citybridge
