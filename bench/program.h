#pragma once
// The command line of a benchmark: what all of them understand is called the same in all of them.
#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace citybridge::bench {

class Program {
public:
    // `name` stands before the message of a run that failed.
    Program(std::string name, const std::string& about);

    // For what only this benchmark understands.
    CLI::App& app() { return app_; }
    void rounds(int& count, const std::string& meaning = "Of each: ours, then the floor");
    void plugins(std::string& folder);
    void rows(std::string& file);

    // Exit code of main(): 1 with a line on standard error if `work` throws, which it
    // does when what was measured is not what it should have been.
    int run(int argc, char** argv, const std::function<void()>& work);

private:
    std::string name_;
    CLI::App app_;
};

}  // namespace citybridge::bench
