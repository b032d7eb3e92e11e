// A knowledge base of 10,000 articles on both databases: how long a search takes
// for rare and for common words, one character and many, and how long an
// article takes to be written with its index.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>
#include <stdexcept>

#include "bench/program.h"
#include "bench/rows.h"
#include "bench/statistics.h"
#include "core/desk/search_words.h"
#include "core/store/reader.h"
#include "tests/support/postgres_server.h"
#include "tools/support/temp_folder.h"

namespace citybridge::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kCharacters = 3'500;  // so many are in common use (GB 2312 level one: 3,755)
constexpr int kInTitle = 10;
constexpr int kInText = 400;

double ms_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// A character by rank: the frequency of Chinese characters falls off like 1/rank (Zipf), so that the first ones are in
// every text and the last ones in few.
class Writer {
public:
    std::string text(int characters) {
        std::string out;
        for (int i = 0; i < characters; ++i) {
            if (i % 17 == 16) {
                out += i % 34 == 33 ? "。" : "，";
                continue;
            }
            append(out, rank());
        }
        return out;
    }
    std::string number() { return "1" + std::to_string(3'000'000'000 + random_() % 1'000'000'000); }
    static void append(std::string& out, int rank) {
        const int c = 0x4E00 + rank * 5;
        out += static_cast<char>(0xE0 | (c >> 12));
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }

private:
    int rank() {
        const double u = std::uniform_real_distribution<double>(0, 1)(random_);
        return static_cast<int>(std::pow(static_cast<double>(kCharacters), u)) - 1;
    }
    std::mt19937_64 random_{20261122};
};

struct Base {
    std::unique_ptr<store::Store> store;
    std::unique_ptr<store::Readers> readers;
    double write_ms = 0;  // of one article, in commits of one
};

Base fill(const store::StoreSettings& settings, int articles, std::vector<std::string>& queries) {
    auto opened = store::open_store(settings);
    if (!opened) throw std::runtime_error(opened.error().detail);
    Base out{std::move(*opened), nullptr, 0};
    Writer writer;
    const WallTime now = system_now().wall;
    const auto words = [](const std::string& text) { return desk::joined_words(desk::index_words(text)); };
    Changes changes;
    int alone = 0;
    Clock::time_point began = Clock::now();
    const auto commit = [&](int i) {
        const auto outcome = out.store->commit("k" + std::to_string(i), changes, now);
        if (outcome.commit != store::Commit::done) throw std::runtime_error(outcome.error.detail);
        changes = {};
    };
    for (int i = 0; i < articles; ++i) {
        PaperRecord row;
        row.id = "art_" + std::to_string(i);
        row.kind = "article";
        row.state = "published";
        row.title = writer.text(kInTitle);
        const std::string text = writer.text(kInText) + writer.number();
        row.body = {{"text", text}, {"tags", Fields::array()}, {"version", 1}};
        row.created_at = row.updated_at = now;
        if (i % (articles / 50) == 0) {
            queries.push_back(row.title.substr(3, 6));            // two characters of a title
            queries.push_back(text.substr(60, 12));               // four of a text
            queries.push_back(text.substr(text.size() - 11, 5));  // the beginning of a number
            queries.push_back(row.title.substr(0, 3));            // one character
            queries.push_back(text.substr(30, 6) + " " + text.substr(300, 6));
        }
        changes.papers.words.push_back({row.id, words(row.title), "", words(text)});
        changes.papers.rows.push_back(std::move(row));
        const bool last_ones = i >= articles - 100;
        if (i == articles - 100) began = Clock::now();
        if (last_ones) {
            commit(i);
            ++alone;
        } else if (changes.papers.rows.size() == 200) {
            commit(i);
        }
        if (i == articles - 101 && !changes.empty()) commit(i);
    }
    out.write_ms = ms_since(began) / alone;
    auto readers = store::open_readers(settings, 1);
    if (!readers) throw std::runtime_error(readers.error().detail);
    out.readers = std::move(*readers);
    return out;
}

void measure(const char* name, const store::StoreSettings& settings, int articles, const std::string& rows) {
    std::vector<std::string> queries;
    const Base base = fill(settings, articles, queries);
    // The most frequent character and pair there are: in nearly every article.
    std::string common;
    Writer::append(common, 0);
    queries.push_back(common);
    queries.push_back(common + common);
    std::vector<double> times;
    double worst = 0;
    std::string worst_query;
    for (int round = 0; round < 5; ++round)
        for (const std::string& query : queries) {
            const auto begin = Clock::now();
            const auto found = base.readers->papers().search({desk::query_words(query), 20});
            const double took = ms_since(begin);
            if (!found) throw std::runtime_error(found.error().detail);
            if (found->empty() && query.find(' ') == std::string::npos)
                throw std::runtime_error("\"" + query + "\" was written and is not found");
            times.push_back(took);
            if (took > worst) worst = took, worst_query = query;
        }
    std::printf(
        "  %-10s %d articles: search median %.2f ms, 99%% %.2f ms, worst %.2f ms (\"%s\"); an article written "
        "and indexed %.2f ms\n",
        name, articles, median(times), quantile(times, 0.99), worst, worst_query.c_str(), base.write_ms);
    add_row(rows, {std::string("a search in the knowledge base, 99 %, ") + name, "ms", quantile(times, 0.99), 0, 20,
                   Good::value_at_most});
}

}  // namespace
}  // namespace citybridge::bench

int main(int argc, char** argv) {
    using namespace citybridge;
    citybridge::bench::Program program("knowledge", "Searches in a knowledge base of 10,000 articles");
    int articles = 10'000;
    std::string rows;
    program.app().add_option("--articles", articles, "How many")->check(CLI::Range(500, 1'000'000));
    program.rows(rows);
    return program.run(argc, argv, [&] {
        const TempFolder folder("bench-knowledge");
        store::StoreSettings sqlite;
        sqlite.path = folder / "knowledge.db";
        bench::measure("SQLite", sqlite, articles, rows);
        store::StoreSettings postgresql;
        postgresql.database = store::Database::postgresql;
        postgresql.connection = tests::shared_postgres().connection(tests::shared_postgres().make_database());
        bench::measure("PostgreSQL", postgresql, articles, rows);
    });
}
