#pragma once
// Handlers of the centre's own papers, and what they share.
#include "core/desk/paper.h"
#include "core/gateway/durable_input.h"
#include "core/gateway/handlers.h"

namespace citybridge::gateway {

// handlers_papers.cpp
HttpResponse get_articles(const Call& call);
HttpResponse get_article(const Call& call);
HttpResponse post_article(const Call& call);
HttpResponse post_article_action(const Call& call);
HttpResponse get_questions(const Call& call);
HttpResponse get_question(const Call& call);
HttpResponse post_question(const Call& call);
HttpResponse post_question_action(const Call& call);
HttpResponse get_notices(const Call& call);
HttpResponse get_notice(const Call& call);
HttpResponse post_notice(const Call& call);
HttpResponse post_notice_action(const Call& call);
HttpResponse get_shifts(const Call& call);
HttpResponse get_shift(const Call& call);
HttpResponse post_shift(const Call& call);
HttpResponse post_shift_action(const Call& call);
HttpResponse get_scripts(const Call& call);
HttpResponse get_script(const Call& call);
HttpResponse post_script_action(const Call& call);
HttpResponse get_helps(const Call& call);
HttpResponse get_help(const Call& call);
HttpResponse post_help(const Call& call);
HttpResponse post_help_action(const Call& call);
// handlers_knowledge.cpp
HttpResponse get_knowledge_search(const Call& call);
HttpResponse get_notice_readers(const Call& call);
HttpResponse get_skills(const Call& call);
HttpResponse post_skill(const Call& call);
HttpResponse delete_skill(const Call& call);
// handlers_dispositions.cpp
HttpResponse get_dispositions(const Call& call);
HttpResponse get_missing_dispositions(const Call& call);
HttpResponse get_disposition_counts(const Call& call);
HttpResponse put_disposition(const Call& call);

inline store::PaperReaders& papers_of(const Call& call) { return call.services.durable.readers().papers(); }
// A paper as this asker may see it: one that is not his to see is "paper.unknown".
bool may_see_paper(const Call& call, const PaperRecord& row);
bool is_leader(const User& user);
// Whom a notice is for: people of its groups and roles; of neither: everybody.
bool is_addressed(const PaperRecord& notice, const User& user);

// What each of these contacts was about is laid over "disposition"; `contacts`: their JSON. From the store.
Result<> lay_dispositions_over(const Call& call, nlohmann::ordered_json& contacts);
// The same from memory, for what is live.
void lay_known_dispositions(const Call& call, nlohmann::ordered_json& contacts);
// Error "disposition.missing" with the contacts' names: the agent may not be made ready.
Result<> has_all_dispositions(const Call& call, const std::string& agent);
// The skills of the users who take calls as these agents, laid over "skills" of the agents' JSON.
void lay_skills_over(const Call& call, nlohmann::ordered_json& agents);
// After a change of this user's skills was committed.
void remember_skills(const Call& call, const std::string& user);

}  // namespace citybridge::gateway
