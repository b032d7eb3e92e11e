#include "bench/program.h"

#include <cstdio>
#include <exception>
#include <utility>

namespace citybridge::bench {

Program::Program(std::string name, const std::string& about) : name_(std::move(name)), app_(name_ + ": " + about) {}

void Program::rounds(int& count, const std::string& meaning) {
    app_.add_option("--rounds", count, meaning)->capture_default_str()->check(CLI::Range(1, 1'000));
}

void Program::plugins(std::string& folder) {
    app_.add_option("--plugins", folder, "Folder of the plugin libraries")->capture_default_str();
}

void Program::rows(std::string& file) { app_.add_option("--rows", file, "Append the result to this file"); }

int Program::run(int argc, char** argv, const std::function<void()>& work) {
    CLI11_PARSE(app_, argc, argv);
    try {
        work();
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s: %s\n", name_.c_str(), e.what());
        return 1;
    }
}

}  // namespace citybridge::bench
