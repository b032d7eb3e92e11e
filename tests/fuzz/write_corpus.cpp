// ./dev fuzz: writes the seeds of a fuzzer into a folder.
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>

#include "tests/fuzz/corpus.h"

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: citybridge-fuzz-corpus FUZZER FOLDER\n");
        return 2;
    }
    try {
        std::size_t written = 0;
        for (const std::string& seed : citybridge::seeds_of(argv[1])) {
            std::ofstream file(std::string(argv[2]) + "/seed-" + std::to_string(written++), std::ios::binary);
            file << seed;
            if (!file.flush()) throw std::runtime_error(std::string(argv[2]) + ": cannot be written to");
        }
    } catch (const std::exception& e) {
        std::fprintf(stderr, "citybridge-fuzz-corpus: %s\n", e.what());
        return 1;
    }
}
