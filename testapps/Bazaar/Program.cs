// What an app does before it is open: two migrations, and stalls that are set up as hosted services. It says where it has a current activity, which is
// nowhere. `broken` fails in a migration, `closed` in a stall; `migrate` migrates and ends without a host, with the exit code that follows.
using System.Diagnostics;
using Bazaar;
using Microsoft.Data.Sqlite;

using var database = new SqliteConnection("Data Source=:memory:");
database.Open();
Run("CREATE TABLE Stalls (Name TEXT)");
if (args.Contains("broken"))
    Run("CREATE TABLE Stalls (Name TEXT)");
Run("INSERT INTO Stalls VALUES ('Carpets')");
Say("migrated");
if (args is ["migrate", var exitCode, ..])
    return int.Parse(exitCode, System.Globalization.CultureInfo.InvariantCulture);

var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddSingleton<Action<string>>(Run);
builder.Services.AddHostedService<Carpets>();
builder.Services.AddHostedService<Visitors>();
if (args.Contains("closed"))
    builder.Services.AddHostedService<Closed>();
var app = builder.Build();
app.MapGet("/stalls", () => Run("SELECT * FROM Stalls"));
app.MapGet("/bell", async () => await Carpets.Ring());
app.Lifetime.ApplicationStarted.Register(() => Say("open"));
await app.StartAsync();
Console.WriteLine($"Now listening on: {app.Urls.First()}");
await app.WaitForShutdownAsync();
return 0;

void Run(string sql)
{
    lock (database)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

static void Say(string what) => Console.WriteLine($"{what}, {(Activity.Current is null ? "no" : "an")} activity is current");
