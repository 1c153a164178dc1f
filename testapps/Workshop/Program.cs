// Libraries of many kinds, each used as its documentation does it. Where their servers are is in the configuration (`Workshop:Mail`, …); what has
// no server, or needs none, is always there.
using Workshop;

var builder = WebApplication.CreateBuilder(args);
Cache.Add(builder);
Calls.Add(builder);
Events.Add(builder);
var app = builder.Build();
Analytics.Map(app);
Cache.Map(app);
Calls.Map(app);
Events.Map(app);
Hub.Map(app);
Mail.Map(app);
Queue.Map(app);
Redis.Map(app);
Stores.Map(app);
app.Run();
