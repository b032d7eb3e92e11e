#pragma once
// A request of the ERP, judged: who sent it, when, and what it says.
#include <chrono>
#include <string>
#include <vector>

#include "core/api/capabilities.h"
#include "plugins/webhook/signing.h"

namespace citybridge::webhook {

// Constant after construction: any thread, many at once.
class Receiver {
public:
    // `keys`: the current secret, and during its rotation the old one. `tolerance`: how far the sender's clock and
    // ours, or the request's age, may lie apart, either way.
    Receiver(std::string source, std::vector<SigningKey> keys, std::chrono::seconds tolerance)
        : source_(std::move(source)), keys_(std::move(keys)), tolerance_(tolerance) {}

    // The contract is InboundConnector::accept. Everything before the signature is right is "hook.bad_signature": a
    // stranger learns nothing else.
    Result<InboundMessage> accept(const HeaderList& headers, std::string_view body, WallTime now) const;

private:
    bool signed_by_us(std::string_view id, std::string_view timestamp, std::string_view body,
                      std::string_view signatures) const;

    std::string source_;
    std::vector<SigningKey> keys_;
    std::chrono::seconds tolerance_;
};

}  // namespace citybridge::webhook
