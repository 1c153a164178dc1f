// A console program without ASP.NET Core: `Courier fetch URL` fetches a page and notes its length in a database,
// `Courier hand URL` fetches one with a propagator of its own, `Courier end HOW` runs a database command and ends,
// `Courier send PROGRAM …` runs another program, `Courier sort` makes spans of its own.
// Its exit code is 7 if all went well.
using System.Diagnostics;
using Microsoft.Data.Sqlite;

switch (args)
{
    case ["fetch", var url]:
        using (var client = new HttpClient())
        {
            var page = await client.GetStringAsync(new Uri(url));
            using var connection = new SqliteConnection("Data Source=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE Parcels (Length INTEGER)";
            command.ExecuteNonQuery();
            command.CommandText = "INSERT INTO Parcels (Length) VALUES ($length)";
            command.Parameters.AddWithValue("$length", page.Length);
            command.ExecuteNonQuery();
            command.CommandText = "SELECT Length FROM Parcels WHERE Length > 0 LIMIT 1";
            Console.WriteLine($"fetched {command.ExecuteScalar()} characters");
        }
        return 7;
    case ["hand", var url]:
        DistributedContextPropagator.Current = new Waybill();
        using (var client = new HttpClient())
            await client.GetStringAsync(new Uri(url));
        return 7;
    case ["sort"]:
        using (var source = new ActivitySource("Courier"))
        using (var legacy = new Activity("Courier.Weigh").Start())
        using (var span = source.StartActivity("sort", ActivityKind.Internal, parentContext: default, links: [new(ActivityContext.Parse(Caller, null)), new(ActivityContext.Parse(Caller, null))]))
        {
            foreach (var shelf in (string[])["fragile", "heavy", "urgent"])
            {
                span?.SetTag(shelf, $"shelf for {shelf} parcels");
                span?.AddEvent(new(shelf, tags: new() { ["first"] = 1, ["second"] = 2 }));
            }
        }
        Console.WriteLine("sorted");
        return 7;
    case ["end", var how]:
        using (var connection = new SqliteConnection("Data Source=:memory:"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT 7";
            command.ExecuteNonQuery();
        }
        Console.WriteLine("ending");
        return End(how);
    case ["send", var program, .. var rest]:
        using (var child = Process.Start(program, rest))
        {
            child.WaitForExit();
            return child.ExitCode;
        }
    default:
        Console.WriteLine("nothing to do");
        return 7;
}

static partial class Program
{
    static int End(string how)
    {
        switch (how)
        {
            case "return":
                return 7;
            case "throw":
                throw new InvalidOperationException("The parcel is lost.");
            case "throw on another thread":
                new Thread(() => throw new InvalidOperationException("The parcel is lost.")).Start();
                break;
            case "fail fast":
                Environment.FailFast("The van is on fire.");
                break;
            case "exit":
                Environment.Exit(9);
                break;
        }
        Thread.Sleep(Timeout.Infinite); // until a signal or another thread ends it
        return 0;
    }

    /// <summary>Where a parcel comes from.</summary>
    const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
}

/// <summary>An author's own way to hand contexts on.</summary>
sealed class Waybill : DistributedContextPropagator
{
    public override IReadOnlyCollection<string> Fields => ["waybill"];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (activity is not null)
            setter?.Invoke(carrier, "waybill", $"{activity.TraceId}");
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) => (traceId, traceState) = (null, null);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
