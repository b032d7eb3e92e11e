#pragma once
// Which parts a message was submitted in, so that receipts of its parts can be
// told as receipts of the message. Memory only and bounded: of a message that
// it does not know any more, each part is reported under its own id.
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace citybridge::sms_smpp {

class PartBook {
public:
    explicit PartBook(std::size_t most = 20'000) : most_(most) {}

    // All parts of a message were accepted; `ids` in order.
    void note(const std::string& message, const std::vector<std::string>& ids);

    struct Told {
        std::string external_id;  // of the message: its last part's
        std::string message;      // outbox id; empty: not known
        std::string state;        // of the message, as far as it is known
        std::size_t part = 1;
        std::size_t parts = 1;
    };
    // What a receipt of this part says of its message: delivered only when all parts are.
    Told receipt(const std::string& id, const std::string& state);

private:
    struct Entry {
        std::string message;
        std::vector<std::string> ids;
        std::vector<bool> delivered;
    };
    std::size_t most_;
    std::unordered_map<std::string, std::shared_ptr<Entry>> entries_;  // by part's id
    std::deque<std::string> oldest_;
};

}  // namespace citybridge::sms_smpp
