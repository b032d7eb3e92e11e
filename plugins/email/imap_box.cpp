// IMAPS by libcurl. Mails are named "<UIDVALIDITY>.<UID>", so that a folder
// that was made anew does not lend its numbers to other mails.
#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <new>

#include "core/api/delivery_text.h"
#include "core/api/text.h"
#include "plugins/email/curl_sockets.h"
#include "plugins/email/imap_text.h"
#include "plugins/email/mailbox.h"

namespace citybridge::email {
namespace {

constexpr std::size_t kMaxAnswer = 4 << 20;  // of a command: a search over some hundred thousand mails
constexpr int kImapPollMs = 1'000;
// libcurl says LOGOUT when it closes, and waits for the answer where nothing can interrupt it.
constexpr long kLogoutSeconds = 2;

class ImapBox final : public Mailbox {
public:
    explicit ImapBox(MailboxSettings settings)
        : settings_(std::move(settings)), multi_(curl_multi_init()), easy_(curl_easy_init()) {
        if (multi_ == nullptr || easy_ == nullptr || !set_up()) {
            curl_easy_cleanup(easy_);
            curl_multi_cleanup(multi_);
            throw std::bad_alloc();
        }
    }
    ImapBox(const ImapBox&) = delete;
    ImapBox& operator=(const ImapBox&) = delete;
    ~ImapBox() override {
        // Every command was answered; no goodbye to a server that may not answer.
        sockets_.shut_all();
        curl_easy_cleanup(easy_);
        curl_multi_cleanup(multi_);
    }

    Result<std::vector<std::string>> open(const std::set<std::string>& known, std::size_t most) override {
        // Some providers open no folder before they were told who is asking; the others do not mind.
        if (const auto told = command("", R"(ID ("name" "CityBridge"))"); !told && told.error().code != kRefused)
            return told.error();
        const auto able = command("", "CAPABILITY");
        if (!able) return able.error();
        can_move_ = has_word(*able, "MOVE");
        can_expunge_one_ = has_word(*able, "UIDPLUS");
        // It is there already, as a rule.
        if (const auto made = command("", "CREATE " + quoted_string(settings_.done_folder));
            !made && made.error().code != kRefused)
            return made.error();
        const auto status = command("", "STATUS " + quoted_string(settings_.folder) + " (UIDVALIDITY)");
        if (!status) return status.error();
        validity_ = uid_validity_in(*status);
        if (validity_.empty()) return Error{"email.read_failed", "the server does not tell the folder's UIDVALIDITY"};
        const auto search = command(settings_.folder, "UID SEARCH UNDELETED");
        if (!search) return search.error();
        std::vector<std::string> names;
        for (const std::string& uid : uids_in(*search)) {
            std::string name = validity_ + '.' + uid;
            if (names.size() < most && !known.contains(name)) names.push_back(std::move(name));
        }
        return names;
    }

    Result<std::string> fetch(const std::string& name) override {
        const auto uid = uid_of(name);
        if (!uid) return uid.error();
        return transfer(same_folder() + "/;UID=" + *uid, nullptr, settings_.max_bytes);
    }

    Result<> remove(const std::string& name) override {
        const auto uid = uid_of(name);
        if (!uid) return uid.error();
        const std::string to = ' ' + quoted_string(settings_.done_folder);
        if (can_move_) return done(change("UID MOVE " + *uid + to));
        if (const auto copied = change("UID COPY " + *uid + to); !copied) return copied.error();
        if (const auto marked = change("UID STORE " + *uid + " +FLAGS.SILENT (\\Deleted)"); !marked)
            return marked.error();
        // Without UIDPLUS it stays marked: EXPUNGE would also take what somebody else marked.
        return can_expunge_one_ ? done(change("UID EXPUNGE " + *uid)) : ok();
    }

    // Each command was answered; the connection's end says nothing more.
    Result<> close() override { return ok(); }

    void cut() override {
        cut_ = true;
        curl_multi_wakeup(multi_);
    }

private:
    static constexpr std::string_view kRefused = "email.read_refused";

    struct Answer {
        std::string bytes;
        std::size_t most = 0;
        bool cut_off = false;
        std::string last_line;
    };

    void be_brief() const { curl_easy_setopt(easy_, CURLOPT_SERVER_RESPONSE_TIMEOUT, kLogoutSeconds); }

    static Result<> done(const Result<std::string>& answer) { return answer ? ok() : Result<>(answer.error()); }

    Result<std::string> uid_of(const std::string& name) const {
        const auto dot = name.find('.');
        if (dot == std::string::npos || name.substr(0, dot) != validity_)
            return Error{std::string(kRefused), "the folder was made anew meanwhile"};
        return name.substr(dot + 1);
    }

    std::string url(const std::string& folder) const {
        const bool v6 = settings_.host.find(':') != std::string::npos;
        std::string out = "imaps://" + (v6 ? '[' + settings_.host + ']' : settings_.host) + ':' +
                          std::to_string(settings_.port) + '/';
        char* const escaped = curl_easy_escape(easy_, folder.c_str(), static_cast<int>(folder.size()));
        if (escaped != nullptr) out += escaped;
        curl_free(escaped);
        return out;
    }

    // The untagged answers of a command, in `folder` if one is named.
    Result<std::string> command(const std::string& folder, const std::string& line) {
        return transfer(url(folder), line.c_str(), kMaxAnswer);
    }
    // Only while the folder is the one whose numbers we know.
    std::string same_folder() const { return url(settings_.folder) + ";UIDVALIDITY=" + validity_; }
    Result<std::string> change(const std::string& line) { return transfer(same_folder(), line.c_str(), kMaxAnswer); }

    Result<std::string> transfer(const std::string& url, const char* command, std::size_t most) {
        answer_ = {{}, most, false, {}};
        error_[0] = '\0';
        curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
        curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, command);
        curl_easy_setopt(easy_, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                         static_cast<long>(settings_.timeout.count() / 1'000 + 1));
        if (cut_ || curl_multi_add_handle(multi_, easy_) != CURLM_OK)
            return Error{"email.read_failed", "the node is stopping"};
        CURLcode result = CURLE_ABORTED_BY_CALLBACK;
        for (int running = 1; running > 0 && !cut_;) {
            if (curl_multi_perform(multi_, &running) != CURLM_OK) break;
            if (running > 0 && !cut_) curl_multi_poll(multi_, nullptr, 0, kImapPollMs, nullptr);
        }
        int left = 0;
        while (const CURLMsg* const message = curl_multi_info_read(multi_, &left))
            if (message->msg == CURLMSG_DONE) result = message->data.result;
        if (cut_) sockets_.shut_all();
        curl_multi_remove_handle(multi_, easy_);
        if (result == CURLE_OK) return std::move(answer_.bytes);
        return error_of(result);
    }

    Error error_of(CURLcode result) const {
        const std::string why = error_[0] != '\0' ? error_ : curl_easy_strerror(result);
        const std::string said = short_text(answer_.last_line);
        switch (result) {
            case CURLE_LOGIN_DENIED: return {"email.read_login_refused", said.empty() ? why : said};
            case CURLE_PEER_FAILED_VERIFICATION:
            case CURLE_SSL_CONNECT_ERROR:
            case CURLE_SSL_CACERT_BADFILE:
            case CURLE_SSL_CERTPROBLEM: return {"email.read_tls", why};
            case CURLE_QUOTE_ERROR:
            case CURLE_REMOTE_FILE_NOT_FOUND: return {std::string(kRefused), said.empty() ? why : said};
            default: return {"email.read_failed", why};
        }
    }

    bool set_up() {
        const auto set = [this](CURLoption option, auto value) {
            return curl_easy_setopt(easy_, option, value) == CURLE_OK;
        };
        const MailboxSettings& with = settings_;
        return sockets_.watch(easy_) && set(CURLOPT_PROTOCOLS_STR, "imaps") && set(CURLOPT_SSL_VERIFYPEER, 1L) &&
               set(CURLOPT_SSL_VERIFYHOST, 2L) && set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2)) &&
               (with.ca_file.empty() ||
                (set(CURLOPT_CAINFO, with.ca_file.c_str()) && set(CURLOPT_CAPATH, static_cast<char*>(nullptr)))) &&
               set(CURLOPT_USERNAME, with.user.c_str()) && set(CURLOPT_PASSWORD, with.password.c_str()) &&
               set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN") &&
               set(CURLOPT_TIMEOUT_MS, static_cast<long>(with.timeout.count())) &&
               set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(with.timeout.count())) && set(CURLOPT_NOSIGNAL, 1L) &&
               set(CURLOPT_QUICK_EXIT, 1L) && set(CURLOPT_PROXY, "") && set(CURLOPT_ERRORBUFFER, error_) &&
               set(CURLOPT_WRITEFUNCTION, &ImapBox::on_bytes) && set(CURLOPT_WRITEDATA, &answer_) &&
               set(CURLOPT_HEADERFUNCTION, &ImapBox::on_line) && set(CURLOPT_HEADERDATA, this);
    }

    // What is longer than wanted is read and dropped: the session must go on behind it.
    static std::size_t on_bytes(char* data, std::size_t size, std::size_t count, void* self) {
        auto& answer = *static_cast<Answer*>(self);
        const std::size_t take = std::min(size * count, answer.most - answer.bytes.size());
        answer.bytes.append(data, take);
        return size * count;
    }
    static std::size_t on_line(char* data, std::size_t size, std::size_t count, void* self) {
        auto& box = *static_cast<ImapBox*>(self);
        const std::string_view line(data, size * count);
        box.answer_.last_line = line.substr(0, 1'000);
        // After a refusal libcurl may hang up.
        const std::string_view word = line.substr(0, 12);
        const bool refused =
            word.find(" NO ") != std::string_view::npos || word.find(" BAD ") != std::string_view::npos;
        if (refused && !word.starts_with('*')) box.be_brief();
        return size * count;
    }

    const MailboxSettings settings_;
    CurlSockets sockets_;
    CURLM* const multi_;
    CURL* const easy_;
    Answer answer_;
    std::string validity_;
    bool can_move_ = false;
    bool can_expunge_one_ = false;
    std::atomic<bool> cut_{false};
    char error_[CURL_ERROR_SIZE] = {};
};

}  // namespace

std::unique_ptr<Mailbox> make_imap(const MailboxSettings& settings) { return std::make_unique<ImapBox>(settings); }

}  // namespace citybridge::email
