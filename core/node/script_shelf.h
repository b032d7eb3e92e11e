#pragma once
// The words to say that people are shown: kept by their papers, and proposed anew when the flows' files say others. The
// durable strand's own; not thread-safe.
#include <map>
#include <string>
#include <vector>

#include "core/desk/scripts.h"
#include "core/node/durable_input.h"
#include "core/store/reader.h"

namespace citybridge {

class ScriptShelf {
public:
    explicit ScriptShelf(const desk::Desk& desk) : desk_(desk) {}

    // What was approved before. Code "store.*".
    Result<> start(store::PaperReaders& papers);
    // Proposals, when the flows or who approves are others than before.
    std::vector<DurableInput> take();
    void committed(const std::vector<PaperRecord>& rows);

private:
    void show() const;

    const desk::Desk& desk_;
    std::map<std::string, PaperRecord> papers_;
    const desk::FlowBook* book_ = nullptr;        // as looked at last; a book that was replaced stays where it is
    std::shared_ptr<const desk::Centre> centre_;  // the same
};

}  // namespace citybridge
