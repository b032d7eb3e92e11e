#include "core/node/cli/commands.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace citybridge {

using Json = nlohmann::ordered_json;

int fail(const Error& error) {
    std::fprintf(stderr, "%s: %s\n", error.code.c_str(), error.detail.c_str());
    return 1;
}

int show(const Result<Json>& answer, bool json, std::string (*table)(const Json&)) {
    if (!answer) return fail(answer.error());
    try {
        std::printf("%s", json ? (dump(*answer, 2) + '\n').c_str() : table(*answer).c_str());
    } catch (const Json::exception& e) {
        return fail({"cli.bad_answer", std::string("the answer is not what this program knows: ") + e.what()});
    }
    return 0;
}

int done(const Result<Json>& answer, bool json, const std::string& line) {
    if (!answer) return fail(answer.error());
    std::printf("%s\n", json ? dump(*answer, 2).c_str() : line.c_str());
    return 0;
}

Result<Json> items_of(Result<Json> page) {
    if (!page || !page->is_object() || !page->contains("items")) return page;
    return (*page)["items"];
}

Result<std::string> read_password() {
    std::string password;
    termios before{};
    const bool terminal = isatty(STDIN_FILENO) != 0 && tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        std::fprintf(stderr, "password: ");
        termios quiet = before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
    }
    std::getline(std::cin, password);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
        std::fprintf(stderr, "\n");
    }
    if (password.empty()) return Error{"cli.no_password", "give the password on standard input"};
    return password;
}

}  // namespace citybridge
