#pragma once
// Leaves a trace when the library's static constructors run: the environment
// variable CITYBRIDGE_TEST_RAN_<library>.
#include <cstdlib>
#include <string>

namespace {
struct Ran {
    explicit Ran(const std::string& library) { ::setenv(("CITYBRIDGE_TEST_RAN_" + library).c_str(), "1", 1); }
};
const Ran kRan{RAN_NAME};
}  // namespace
