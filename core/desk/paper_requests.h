#pragma once
// What may be asked of the centre's own papers (core/api/papers.h).
#include <optional>
#include <string>
#include <vector>

#include "core/api/papers.h"
#include "core/desk/flow_parts.h"

namespace citybridge::desk {

// One step of an article, a question, a notice, a shift's log or a help request. Which actions there are, with which
// fields and for whom: core/desk/paper.h and the files of the kinds.
struct ActOnPaper {
    std::string kind;
    std::string id;  // empty: a new one, and `action` is "open"
    std::string action;
    Fields fields = Fields::object();
    std::optional<std::int64_t> revision;  // refused with "paper.changed_meanwhile" if it is not this one any more
    std::vector<std::string> others{};     // papers besides its own that the step looks at
};

// What a flow's file says to say (scripts.h); the node's own step. No text: the flow has it no more.
struct ProposeScript {
    struct Approved {
        std::string name, user, day;
    };
    std::string kind;
    Trigger on;
    std::int64_t version = 0;
    std::string title;
    std::string text;
    std::vector<Approved> approved_by;  // the file says so, and is believed; empty: it waits for its approvals
};

// What a contact was about (A10). Who may say so about which contact is checked by who hands this in.
struct SetDisposition {
    std::string contact;
    std::string code;   // a leaf of the tree
    std::string agent;  // who talked with the customer last
    std::string queue;
};

}  // namespace citybridge::desk
