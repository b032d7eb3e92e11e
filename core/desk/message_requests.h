#pragma once
// A person writes a short message to a customer (docs/messages.md): what may be asked of the desk.
#include <string>

namespace citybridge::desk {

// Kind of the outbox row that carries it. It names the message; number and text stand in its own row alone (P10).
inline constexpr const char* kWrittenMessage = "written_sms";
// Instead of a template's name, for gateways that send templates of their own.
inline constexpr const char* kFreeText = "free_text";

struct WriteMessage {
    std::string order;     // id: its customer gets it; empty: `customer`
    std::string customer;  // id
    std::string kind;      // whose flow has the template; empty: the order's
    std::string template_name;
    std::string text;                  // instead of a template
    std::string to;                    // E.164, one of his numbers; empty: the preferred of his mobiles
    bool override_preference = false;  // also to one who wants no messages; supervisors and administrators
};

}  // namespace citybridge::desk
