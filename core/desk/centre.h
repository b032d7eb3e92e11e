#pragma once
// How a centre works with its own papers: which dispositions there are, who
// approves articles, how soon a question is answered, what a shift hands over.
// A reload puts a new one in the box; what is under way keeps the one it took.
#include <memory>
#include <string>
#include <vector>

#include "core/api/settings.h"
#include "core/api/time.h"
#include "core/desk/latest.h"

namespace citybridge::desk {

// One entry of the tree of dispositions; only a leaf can be chosen.
struct Disposition {
    std::string code;
    std::string title;
    std::string path;  // its ancestors' codes and its own: "business_inquiry/rental"
    std::vector<Disposition> children;
};

struct DispositionTree {
    std::vector<Disposition> roots;

    // Null: no such code.
    const Disposition* find(std::string_view code) const;
    bool empty() const { return roots.empty(); }
};

// Reads config/dispositions/*.xml. On any problem the result is not to be used.
DispositionTree load_dispositions(const std::string& file, Problems& problems);

// Who must agree before an article or words to say appear; a user of this group or role may say so.
struct Approval {
    std::string name;  // "product", "centre"
    std::string group;
    std::string role;  // one of the two is set
};

// What a break or a log-out meets that would leave fewer people than the calendar wants.
enum class CoverBreaks { tell, confirm, refuse };

struct Centre {
    DispositionTree dispositions;
    bool disposition_required = false;      // wrap-up does not end without one
    Millis disposition_within{86'400'000};  // conversations older than this hold nobody up
    std::vector<Approval> approvals;        // in order; empty: the author publishes
    // Of words to say, in any order, each by another person; empty: what the flows' files call approved.
    std::vector<Approval> script_approvals;
    int normal_days = 3;                     // working days for a question of level normal
    Millis highest{7'200'000};               // business time for one of level highest; high: until closing time
    std::vector<std::string> shift_reports;  // must be in before a shift is handed over
    Millis cover_after{60'000};              // so long too few are there before it is told (C2)
    CoverBreaks cover_breaks = CoverBreaks::confirm;
    Millis help_lead{600'000};  // business time until a help request goes to the manager by itself
};

using CentreBox = Latest<Centre>;

}  // namespace citybridge::desk
