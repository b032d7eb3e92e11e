// The judge of customers handed from city to city must find every way in which that can go wrong.
#include "tools/demo/callback_judge.h"

#include <gtest/gtest.h>

#include <functional>

namespace citybridge::demo {
namespace {

using Cities = std::map<std::string, CityCallbacks>;

CallbackBook callback_book(const std::string& side) {
    CallbackBook out;
    out.id = "cb_1";
    out.side = side;
    out.origin = "beijing";
    out.target = "shanghai";
    out.state = "done";
    out.outcome = "reached";
    out.holder = "target";
    out.ends = 1;
    out.unconfirmed_dials = side == "target" ? 1 : 0;
    return out;
}

Cities right_cities() {
    Cities out;
    out["beijing"] = {{{"shanghai", "cb_1"}}, {callback_book("origin")}};
    out["shanghai"] = {{}, {callback_book("target")}};
    out["hangzhou"] = {};
    return out;
}

bool found(const std::function<void(Cities&)>& spoil) {
    Cities cities = right_cities();
    spoil(cities);
    return !judge_callbacks(cities).empty();
}

TEST(CallbackJudge, FindsNothingWhereBothCitiesAgree) {
    EXPECT_EQ(judge_callbacks(right_cities()), std::vector<std::string>{});
    EXPECT_FALSE(found([](Cities& c) {
        for (const char* city : {"beijing", "shanghai"}) {
            CallbackBook& book = c[city].books[0];
            book.state = "assigned";
            book.outcome.clear();
            book.ends = 0;
        }
    })) << "what is open in both";
}

TEST(CallbackJudge, FindsACallbackThatIsLostDoubledOrInvented) {
    EXPECT_TRUE(found([](Cities& c) { c["beijing"].books.clear(); }));
    EXPECT_TRUE(found([](Cities& c) { c["shanghai"].books.clear(); }));
    EXPECT_TRUE(found([](Cities& c) { c["beijing"].handed_over.clear(); }));
    EXPECT_TRUE(found([](Cities& c) { c["beijing"].handed_over.push_back({"shanghai", "cb_1"}); }));
    EXPECT_TRUE(found([](Cities& c) { c["beijing"].handed_over[0].city = "hangzhou"; }));
    EXPECT_TRUE(found([](Cities& c) { c["hangzhou"].books.push_back(callback_book("target")); }));
}

TEST(CallbackJudge, FindsWhatTheCitiesDoNotAgreeAbout) {
    EXPECT_TRUE(found([](Cities& c) {
        c["beijing"].books[0].state = "dialling";
        c["beijing"].books[0].ends = 0;
    }));
    EXPECT_TRUE(found([](Cities& c) { c["shanghai"].books[0].outcome = "viewing_agreed"; }));
    EXPECT_TRUE(found([](Cities& c) { c["shanghai"].books[0].holder = "origin"; }));
    EXPECT_TRUE(found([](Cities& c) { c["beijing"].books[0].epoch = 1; }));
}

TEST(CallbackJudge, FindsASecondEndAndASecondDialThatNobodyAllowed) {
    EXPECT_TRUE(found([](Cities& c) { c["shanghai"].books[0].ends = 2; }));
    EXPECT_TRUE(found([](Cities& c) { c["beijing"].books[0].ends = 0; }));
    EXPECT_TRUE(found([](Cities& c) { c["shanghai"].books[0].unconfirmed_dials = 2; }));
}

}  // namespace
}  // namespace citybridge::demo
