#pragma once
// Text as words for a full-text search that finds Chinese without a dictionary: a run of Han characters (kana and
// Hangul too) becomes its single characters and its pairs of neighbours, everything else is words between blanks and
// punctuation. Full-width letters and digits count as plain ones, capitals as small ones. Pure.
#include <string>
#include <string_view>
#include <vector>

namespace citybridge::desk {

// Words a document is found by: each once, sorted, at most `kMaxIndexWords`, each at most 64 bytes (longer ones are cut
// at a character). Bytes that are not UTF-8 separate words. A word holds no blank, quote or control character.
constexpr std::size_t kMaxIndexWords = 4'000;
std::vector<std::string> index_words(std::string_view utf8);

// Words that a document must all have for this to be in it: of a run of Han its pairs, or the character if it stands
// alone. Each once, sorted. Empty: the text holds nothing that could be looked for.
std::vector<std::string> query_words(std::string_view utf8);

// With one blank between, as the store takes them.
std::string joined_words(const std::vector<std::string>& words);

}  // namespace citybridge::desk
