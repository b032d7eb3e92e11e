#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace citybridge::demo {

// Compares what the node said on its stream with what the simulator says really
// happened. Not thread-safe.
class Checker {
public:
    using Json = nlohmann::ordered_json;

    void see(const Json& frame);
    // One finished call of the truth file.
    void judge(const Json& truth);

    std::size_t calls() const { return calls_; }
    std::size_t pops() const { return pops_; }
    const std::vector<std::string>& mistakes() const { return mistakes_; }

private:
    void judge_contact(const Json& truth, const Json& contact);
    void judge_offers(const Json& truth, const Json& contact);
    void mistake(const Json& truth, const std::string& what);

    std::map<std::string, Json> ended_by_channel_;  // first channel -> contact
    std::map<std::string, int> shown_;              // offer id -> times
    std::size_t calls_ = 0;
    std::size_t pops_ = 0;
    std::vector<std::string> mistakes_;
};

}  // namespace citybridge::demo
