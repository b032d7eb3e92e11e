#include "core/store/connection_string.h"

#include <libpq-fe.h>

#include <map>
#include <memory>

#include "core/store/cells.h"

namespace citybridge::store {

std::string conninfo_quoted(const std::string& value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text += '\'';
}

std::string sqlite_connection(const StoreSettings& settings) {
    if (settings.path.empty()) throw Rejected("the store has no path; name the SQLite file");
    // SOCI's parser ends a quoted value at the next quote and knows no escape.
    if (settings.path.find_first_of("\"\n") != std::string::npos || settings.path.find("  ") != std::string::npos)
        throw Rejected("the store's path must not hold quotes, line ends or several spaces in a row");
    const auto seconds = (settings.busy_timeout.count() + 999) / 1000;
    std::string text = "db=\"" + settings.path + "\" timeout=" + std::to_string(seconds);
    if (!settings.vfs.empty()) text += " vfs=" + settings.vfs;
    return text;
}

std::string postgresql_connection(const StoreSettings& settings) {
    char* problem = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(settings.connection.c_str(), &problem), &PQconninfoFree);
    if (!options) {
        const std::unique_ptr<char, decltype(&PQfreemem)> owned(problem, &PQfreemem);
        // libpq's sentence may repeat a piece of the string, and with it a password.
        throw Rejected("the store's connection is not of the form \"host=... dbname=... user=...\"");
    }
    std::map<std::string, std::string> words{
        {"connect_timeout", "5"},          {"keepalives", "1"},
        {"keepalives_idle", "5"},          {"keepalives_interval", "2"},
        {"keepalives_count", "3"},         {"tcp_user_timeout", std::to_string(settings.busy_timeout.count())},
        {"application_name", "citybridge"}};
    for (const auto* option = options.get(); option->keyword; ++option)
        if (option->val) words[option->keyword] = option->val;
    std::string text;
    for (const auto& [keyword, value] : words) text += keyword + "=" + conninfo_quoted(value) + " ";
    return text;
}

}  // namespace citybridge::store
