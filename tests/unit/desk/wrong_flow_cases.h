#pragma once
// Wrong definitions: each is refused with its place and what to do.
#include "tests/unit/desk/engine_room.h"

namespace citybridge::desk::testing {

struct WrongFlow {
    std::string parts;
    std::string words;  // of the problem
    int line = 12;      // parts begin there
    std::string attributes = {};
};

inline std::vector<std::string> wrong(const WrongFlow& one) {
    Problems problems;
    parse_flow("f.xml", flow_text(one.parts, one.attributes), problems);
    std::vector<std::string> out;
    for (const Problem& problem : problems) out.push_back(to_string(problem));
    return out;
}

inline void expect_each(const std::vector<WrongFlow>& cases) {
    for (const WrongFlow& one : cases) {
        const auto found = wrong(one);
        ASSERT_FALSE(found.empty()) << one.parts << " was accepted";
        EXPECT_EQ(found[0].rfind("f.xml:" + std::to_string(one.line) + ":", 0), 0U) << found[0] << "\n" << one.parts;
        EXPECT_NE(found[0].find(one.words), std::string::npos) << found[0] << "\n" << one.parts;
        EXPECT_GT(found[0].size(), one.words.size() + 25) << "says what to do";
    }
}

}  // namespace citybridge::desk::testing
