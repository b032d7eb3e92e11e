// Words of a text for the search: Chinese by pairs, everything else by blanks and punctuation.
#include "core/desk/search_words.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace citybridge::desk {
namespace {

using Words = std::vector<std::string>;

bool found_by(const std::string& document, const std::string& query) {
    const Words have = index_words(document), want = query_words(query);
    return !want.empty() && std::includes(have.begin(), have.end(), want.begin(), want.end());
}

TEST(SearchWords, chinese_becomes_characters_and_pairs_of_neighbours) {
    Words expected{"两", "室", "厅", "两室", "室厅"};
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(index_words("两室厅"), expected);
    Words pairs{"两室", "室厅"};
    std::sort(pairs.begin(), pairs.end());
    EXPECT_EQ(query_words("两室厅"), pairs);
    EXPECT_EQ(query_words("室"), Words{"室"});
}

TEST(SearchWords, pairs_do_not_reach_over_punctuation_or_letters) {
    EXPECT_FALSE(found_by("两室，一厅", "室一"));
    EXPECT_FALSE(found_by("两室A一厅", "室一"));
    EXPECT_TRUE(found_by("两室一厅", "室一"));
}

TEST(SearchWords, a_part_of_a_chinese_text_finds_it_and_a_text_not_in_it_does_not) {
    const std::string wish = "两室一厅，近地铁十号线，预算每月八千元以内";
    for (const char* there : {"地铁", "十号线", "预算每月", "厅", "八千元 地铁"})
        EXPECT_TRUE(found_by(wish, there)) << there;
    for (const char* absent : {"三室", "地铁二号线", "别墅", ""}) EXPECT_FALSE(found_by(wish, absent)) << absent;
}

TEST(SearchWords, letters_and_digits_are_folded_and_full_width_counts_as_plain) {
    EXPECT_EQ(index_words("Order-1187 ＡＢ１２ ÄRGER"), (Words{"1187", "ab12", "order", "ärger"}));
    EXPECT_TRUE(found_by("SL-1187", "sl 1187"));
    EXPECT_EQ(query_words("  ,;!\t\n"), Words{});
}

TEST(SearchWords, words_hold_nothing_that_a_query_language_knows) {
    for (const std::string& word : index_words("a'b\"c*d:e(f)g^h-i{j}\x01k\u3000x"))
        for (const char c : word) EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(c))) << word;
}

TEST(SearchWords, bytes_that_are_not_utf8_separate_words) {
    EXPECT_EQ(index_words("ab\xff"
                          "cd\xe4\xb8"),
              (Words{"ab", "cd"}));
    EXPECT_EQ(index_words("\xc0\xaf"), Words{});
}

TEST(SearchWords, long_texts_and_words_are_bounded) {
    std::string many;
    for (int i = 0; i < 10'000; ++i) many += std::to_string(i) + " ";
    EXPECT_EQ(index_words(many).size(), kMaxIndexWords);
    EXPECT_LE(index_words(std::string(1'000, 'x')).at(0).size(), 64U);
    EXPECT_TRUE(found_by(std::string(1'000, 'x'), std::string(1'000, 'x')));
}

}  // namespace
}  // namespace citybridge::desk
