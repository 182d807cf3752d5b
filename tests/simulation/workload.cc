#include "tests/simulation/workload.h"

namespace gramme {

void Workload::Insist(std::string_view operation, std::string body, std::string enough,
                      std::function<void()> then) {
  server_.Send(operation, body,
               [this, operation = std::string(operation), body, enough, then](const Reply& reply) {
                 if (reply.is_ok() || (!enough.empty() && reply.Has(enough))) {
                   then();
                 } else {
                   Insist(operation, body, enough, then);
                 }
               });
}

}  // namespace gramme
