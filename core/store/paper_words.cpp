#include "core/store/paper_words.h"

#include <algorithm>

#include "core/store/read_rows.h"

namespace citybridge::store {

namespace {

// Of so many matches, the newest, the best are chosen.
constexpr std::int64_t kCandidates = 300;

struct Candidate {
    std::int64_t number = 0;
    std::string paper, title, tags;
    std::int64_t size = 0;
    int score = 0;
};

// Letters and digits: 138 finds 13812345678. A word of another script is looked for as it is.
bool is_beginning(const std::string& word) {
    return std::all_of(word.begin(), word.end(), [](char c) { return static_cast<signed char>(c) > 0; });
}

std::string match_text(Database database, const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) {
        if (database == Database::sqlite)
            out += (out.empty() ? "\"" : " \"") + word + '"' + (is_beginning(word) ? "*" : "");
        else
            out += (out.empty() ? "'" : " & '") + word + '\'' + (is_beginning(word) ? ":*" : "");
    }
    return out;
}

// `head`: title and tags only.
void add_candidates(Connection& connection, const std::string& match, bool head, std::vector<Candidate>& into) {
    Query query(connection.database());
    if (connection.database() == Database::sqlite) {
        query << "select i.number,i.paper,i.title,i.tags,i.size from (select rowid as found from paper_words "
                 "where paper_words match ";
        query.text(head ? "{title tags} : (" + match + ")" : match) << " order by rowid desc limit ";
        query.number(kCandidates) << ") as f join paper_index as i on i.number=f.found";
    } else {
        query << "select number,paper,title,tags,size from paper_index where " << (head ? "head" : "words")
              << " @@ cast(";
        query.text(match) << " as tsquery) order by number desc limit ";
        query.number(kCandidates);
    }
    auto& prepared =
        ready(connection, query, {CellKind::number, CellKind::text, CellKind::text, CellKind::text, CellKind::number});
    if (!prepared.statement.execute(true)) return;
    do {
        CellReader reader(prepared.results);
        Candidate row;
        reader.number("number", row.number);
        reader.text("paper", row.paper);
        reader.text("title", row.title);
        reader.text("tags", row.tags);
        reader.number("size", row.size);
        const bool known =
            std::any_of(into.begin(), into.end(), [&](const Candidate& each) { return each.number == row.number; });
        if (!known) into.push_back(std::move(row));
    } while (prepared.statement.fetch());
}

bool has_word(const std::string& words, const std::string& word) {
    const std::string padded = ' ' + words + ' ';
    return padded.find(' ' + word + (is_beginning(word) ? "" : " ")) != std::string::npos;
}

// A word in the title counts most; a title that says little else is the better answer.
int score_of(const Candidate& row, const std::vector<std::string>& words) {
    int title = 0, tags = 0;
    for (const std::string& word : words) {
        title += has_word(row.title, word) ? 1 : 0;
        tags += has_word(row.tags, word) ? 1 : 0;
    }
    const int all = static_cast<int>(words.size());
    const auto length = static_cast<int>(std::count(row.title.begin(), row.title.end(), ' ')) + 1;
    return 1'000 * title / all + 400 * tags / all + 100 * title / length;
}

}  // namespace

void write_words(Connection& connection, const PaperWords& words) {
    const bool sqlite = connection.database() == Database::sqlite;
    if (sqlite) {
        Query old(connection.database());
        old << "delete from paper_words where rowid=(select number from paper_index where paper=";
        old.text(words.paper) << ")";
        run_query(connection, old);
    }
    Query old(connection.database());
    old << "delete from paper_index where paper=";
    old.text(words.paper);
    run_query(connection, old);
    if (words.title.empty() && words.tags.empty() && words.body.empty()) return;
    const std::string& body = words.body;
    const auto size = std::count(body.begin(), body.end(), ' ');
    Query row(connection.database());
    row << "insert into paper_index(number,paper,title,tags,size" << (sqlite ? "" : ",head,words")
        << ") select coalesce(max(number),0)+1,";
    row.text(words.paper) << ",";
    row.text(words.title) << ",";
    row.text(words.tags) << ",";
    row.number(size);
    if (!sqlite) {
        // An article without tags, say, leaves a space at the end; the database refuses an empty word.
        row << ",array_to_tsvector(array_remove(string_to_array(";
        row.text(words.title + ' ' + words.tags) << ",' '),'')),array_to_tsvector(array_remove(string_to_array(";
        row.text(words.title + ' ' + words.tags + ' ' + body) << ",' '),''))";
    }
    row << " from paper_index";
    run_query(connection, row);
    if (!sqlite) return;
    Query text(connection.database());
    text << "insert into paper_words(rowid,title,tags,body) select number,";
    text.text(words.title) << ",";
    text.text(words.tags) << ",";
    text.text(body) << " from paper_index where paper=";
    text.text(words.paper);
    run_query(connection, text);
}

std::vector<std::string> find_papers(Connection& connection, const PaperSearch& asked) {
    if (asked.words.empty()) return {};
    const std::string match = match_text(connection.database(), asked.words);
    std::vector<Candidate> found;
    add_candidates(connection, match, true, found);
    add_candidates(connection, match, false, found);
    for (Candidate& row : found) row.score = score_of(row, asked.words);
    std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
        return a.score != b.score ? a.score > b.score : a.number > b.number;
    });
    if (found.size() > asked.limit) found.resize(asked.limit);
    std::vector<std::string> ids;
    ids.reserve(found.size());
    for (Candidate& row : found) ids.push_back(std::move(row.paper));
    return ids;
}

}  // namespace citybridge::store
