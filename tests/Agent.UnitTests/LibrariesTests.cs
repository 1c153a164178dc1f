using System.Diagnostics;
using Agent.Instrumentations;
using Agent.Instrumentations.Data;
using Agent.Tracing;

namespace Agent.UnitTests;

[TestClass]
public sealed class LibrariesTests
{
    [TestMethod]
    public void Sources_are_exact_names_and_each_is_one_librarys()
    {
        var sources = Libraries.All.SelectMany(library => library.Sources).ToList();
        Assert.IsEmpty(Libraries.All.Where(library => library.Assembly is null).SelectMany(library => library.Sources).Where(source => source.Contains('*', StringComparison.Ordinal)), "one wildcard makes the SDK match every source with a regular expression");
        CollectionAssert.AllItemsAreUnique(sources);
    }

    [TestMethod]
    public void Each_library_is_traced_in_one_way() =>
        Assert.IsEmpty(Libraries.All.Where(library => library.Sources.Length > 0 == library.Patch is not null).Select(library => library.Name));

    [TestMethod]
    [DataRow("db.example", "db.example", 0)]
    [DataRow("tcp:db.example,1433", "db.example", 1433)]
    [DataRow("db.example\\second", "db.example", 0)]
    [DataRow("db.example:1521/service", "db.example", 1521)]
    [DataRow("//db.example:1521/service", "db.example", 1521)]
    [DataRow("::1", "::1", 0)]
    [DataRow(".", "localhost", 0)]
    [DataRow("(DESCRIPTION=(ADDRESS=(HOST=db.example)))", "", 0)]
    [DataRow("(localdb)\\shop", "", 0)]
    [DataRow("", "", 0)]
    public void Host_and_port_of_a_data_source(string source, string address, int port) => Assert.AreEqual(new DbPlace("shop", address, port), DbPlace.Parse(source, "shop"));

    /// <summary>A connection string says by its driver what it is for, and where.</summary>
    [TestMethod]
    [DataRow("Driver={ODBC Driver 18 for SQL Server};Server=tcp:db.example,1433;Database=shop;UID=s;PWD=s3cret", "", "microsoft.sql_server", "shop", "db.example", 1433)]
    [DataRow("driver=PostgreSQL Unicode;servername=db.example;port=5433;database=shop", "", "postgresql", "shop", "db.example", 5433)]
    [DataRow("Driver=/usr/lib/odbc/libmyodbc8w.so;Server=db.example;Db=shop", "", "mysql", "shop", "db.example", 0)]
    [DataRow("DSN=Shop;UID=s", "psqlodbcw.so", "postgresql", "", "", 0)]
    [DataRow("DSN=Shop", "", "other_sql", "", "", 0)]
    [DataRow("Driver={Of nobody};DBQ=a.mdb", "", "other_sql", "", "", 0)]
    [DataRow("no connection string", "", "other_sql", "", "", 0)]
    public void Database_behind_ODBC(string text, string driver, string system, string database, string address, int port) =>
        Assert.AreEqual((system, new DbPlace(database, address, port)), OdbcTarget.Parse(text, driver));

    /// <summary>What is asked of a database because a cache has not had it is no second span of the same.</summary>
    [TestMethod]
    public void Commands_in_the_factory_of_a_cache_stay()
    {
        using var source = new ActivitySource("Npgsql");
        using var data = new ActivitySource(Names.DataSource);
        using var listener = new ActivityListener { ShouldListenTo = other => other == source || other == data, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        foreach (var (kind, isRepeated) in ((ActivityKind, bool)[])[(ActivityKind.Internal, false), (ActivityKind.Client, true)])
        {
            using var request = data.StartActivity("request");
            var around = CurrentSpan.Begin(data, "cache miss", kind)!;
            using var command = source.StartActivity("SELECT", ActivityKind.Client)!;
            LibrarySpans.DropRepetition(command);
            Assert.AreEqual(isRepeated, !command.IsAllDataRequested);
            CurrentSpan.Leave(around);
            CurrentSpan.End(around);
        }
    }

    [TestMethod]
    public void Spans_of_libraries_have_todays_names_and_no_secrets()
    {
        using var source = new ActivitySource("MySqlConnector");
        using var listener = new ActivityListener { ShouldListenTo = other => other == source, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        using var activity = source.StartActivity("Execute")!;
        activity.SetTag("db.system", "mysql").SetTag("db.statement", "SELECT a FROM t WHERE b = \"s3cret\"").SetTag("db.connection_string", "User ID=s3cret").SetTag("db.user", "s3cret")
            .SetTag("net.peer.ip", "127.0.0.1").SetTag("net.peer.port", "3306").SetTag("db.name", "").SetTag("url.full", "http://a/b?c=s3cret");
        LibrarySpans.Tidy(activity);
        Assert.AreEqual("SELECT t", activity.DisplayName);
        CollectionAssert.AreEqual(
            (string[])["db.query.summary=SELECT t", "db.query.text=SELECT a FROM t WHERE b = ?", "db.system.name=mysql", "network.peer.address=127.0.0.1", "server.address=127.0.0.1", "server.port=3306", "url.full=http://a/b?*"],
            activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal).ToList());
        Assert.AreEqual(3306, activity.GetTagItem("server.port"));
    }

    [TestMethod]
    [DataRow("""{ letter(to: "s3cret \"and\" more", count: 42, factor: -1.5e-3, kind: LONG) }""", "{ letter(to: ?, count: ?, factor: ?, kind: LONG) }")]
    [DataRow("query A($id2: Int = 5) { b3(text: \"\"\"s3cret \"quoted\" \\\"\"\" s3cret\"\"\") } # s3cret", "query A($id2: Int = ?) { b3(text: ?) } ")]
    [DataRow("{ a(b: \"\") c(d: \"s3cret", "{ a(b: ?) c(d: ?")]
    [DataRow("{ a(b: \"\"\"s3cret \" s3cret", "{ a(b: ?")]
    public void Literals_of_GraphQL_stay_in_the_process(string document, string expected) => Assert.AreEqual(expected, GraphQLDocument.WithoutLiterals(document));

    [TestMethod]
    [DataRow("http://a/b?sv=1&$filter=Text%20eq%20%27s3cret%27&$top=5", "http://a/b?sv=1&$filter=*&$top=5")]
    [DataRow("http://a/b?$Filter=s3cret", "http://a/b?$Filter=*")]
    [DataRow("http://a/b?comp=list", "http://a/b?comp=list")]
    public void What_is_looked_for_in_a_table_of_Azures_stays_in_the_process(string url, string expected) => Assert.AreEqual(expected, AzureSpans.WithoutFilter(url));

    /// <summary>Whatever a library says of a failure: in attributes on each span that it passes, in a status alone, in a page of text.</summary>
    [TestMethod]
    public void What_has_failed_says_so_in_one_way()
    {
        using var source = new ActivitySource("MongoDB.Driver");
        using var listener = new ActivityListener { ShouldListenTo = other => other == source, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        using var operation = source.StartActivity("find shop.bad")!;
        using (var command = source.StartActivity("find")!)
        {
            Throw(command);
            LibrarySpans.Tidy(command);
            Assert.AreEqual("error.type=Shop.BadException", string.Join(' ', command.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")));
            Assert.AreEqual((ActivityStatusCode.Error, "first line"), (command.Status, command.StatusDescription));
            Assert.AreEqual("exception.type=Shop.BadException exception.message=first line\nsecond exception.stacktrace=at Shop", string.Join(' ', command.Events.Single().Tags.Select(tag => $"{tag.Key}={tag.Value}")));
        }
        operation.SetStatus(ActivityStatusCode.Error);
        LibrarySpans.Tidy(operation);
        Assert.AreEqual(("Shop.BadException", "first line", 0), (operation.GetTagItem("error.type"), operation.StatusDescription, operation.Events.Count()));

        using var again = source.StartActivity("find")!;
        Throw(again);
        LibrarySpans.Tidy(again);
        Assert.IsEmpty(again.Events, "it is recorded once in its trace");

        using var expected = source.StartActivity("find")!;
        expected.SetTag("exception.type", "Shop.BadException");
        LibrarySpans.Tidy(expected);
        Assert.AreEqual((ActivityStatusCode.Unset, 0, 0), (expected.Status, expected.TagObjects.Count(), expected.Events.Count()));

        using var unknown = source.StartActivity("find")!;
        unknown.SetStatus(ActivityStatusCode.Error, new string('a', 1000));
        LibrarySpans.Tidy(unknown);
        Assert.AreEqual(("_OTHER", 301), (unknown.GetTagItem("error.type"), unknown.StatusDescription!.Length));

        static void Throw(Activity activity) => activity.SetStatus(ActivityStatusCode.Error)
            .SetTag("exception.type", "Shop.BadException").SetTag("exception.message", "first line\nsecond").SetTag("exception.stacktrace", "at Shop");
    }

    [TestMethod]
    [DataRow("execute_tool InvokePromptAsync_0123456789abcdef0123456789ABCDEF", "execute_tool InvokePromptAsync")]
    [DataRow("execute_tool read_0123456789abcdef0123456789abcdeg", "execute_tool read_0123456789abcdef0123456789abcdeg")]
    [DataRow("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef")]
    [DataRow("chat m1", "chat m1")]
    public void Random_digits_are_cut_from_the_names_of_prompts(string name, string expected) => Assert.AreEqual(expected, GenerativeAiSpans.WithoutDigits(name));

    [TestMethod]
    public void A_librarys_own_switch_wins_over_its_familys()
    {
        var sqlite = Libraries.All.First(library => library.Name == "Microsoft.Data.Sqlite");
        var settings = new Settings(Variables.Of("OTEL_DOTNET_AUTO_TRACES_DATA_INSTRUMENTATION_ENABLED=false", "OTEL_DOTNET_AUTO_TRACES_SQLITE_INSTRUMENTATION_ENABLED=true"));
        Assert.IsTrue(sqlite.IsOn(settings));
        Assert.IsFalse(Libraries.OtherProvider.IsOn(settings));
        Assert.IsTrue(Libraries.IsAskedFor(typeof(AdoNetPatch), settings));
        Assert.IsFalse(Libraries.IsAskedFor(typeof(StackExchangeRedisPatch), settings));
    }
}
