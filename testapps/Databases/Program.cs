// Each library for databases and caches, used as its documentation does it. Which servers there are is in the configuration
// (ConnectionStrings__Postgres, …); an endpoint whose server is not there fails. With `Telemetry=true` it has OpenTelemetry of its own.
using Databases;

var builder = WebApplication.CreateBuilder(args);
Postgres.Add(builder);
Redis.Add(builder);
Caches.Add(builder);
Telemetry.Add(builder);
var app = builder.Build();
Postgres.Map(app);
MariaDb.Map(app);
Redis.Map(app);
Sqlite.Map(app);
Caches.Map(app);
Refused.Map(app);
Documents.Map(app);
app.Run();
