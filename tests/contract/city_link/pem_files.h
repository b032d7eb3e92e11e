#pragma once
// A certificate and its key as files, signed by itself, made here and now.
#include <string>

namespace citybridge::test {

struct PemFiles {
    std::string certificate;  // paths
    std::string key;
    std::string fingerprint;  // SHA-256, hexadecimal
};

// Valid from `from_days` to `to_days`, seen from now.
PemFiles make_certificate(const std::string& folder, const std::string& name, int from_days = -1, int to_days = 1);

}  // namespace citybridge::test
