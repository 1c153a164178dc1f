using System.Diagnostics;
using System.Globalization;
using Agent.Viewer.Storage;
using Google.Protobuf;

namespace Agent.Viewer.Tests.Storage;

[TestClass]
public sealed class TraceJournalTests(TestContext context) : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("agent-viewer-").FullName;
    readonly List<string> _complaints = [];

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [TestMethod]
    public async Task A_restart_shows_the_same_traces()
    {
        var random = new RandomTraces(5);
        List<string> before;
        using (var store = Open())
        {
            for (var i = 0; i < 300; i++)
                store.Add(random.Request().ToByteArray());
            before = await All(store);
        }

        using (var again = Open())
        {
            CollectionAssert.AreEqual(before, await All(again));
            again.Add(Exporter.Request("later").ToByteArray());
        }

        using (var third = Open())
            Assert.HasCount(before.Count + 1, await All(third));
        Assert.IsEmpty(_complaints);
    }

    [TestMethod]
    public async Task What_comes_while_the_folder_is_read_is_there_afterwards()
    {
        var (first, second) = (new RandomTraces(6), new RandomTraces(7));
        long spans = 0;
        using (var store = Open())
        {
            for (var i = 0; i < 3000; i++)
                spans += store.Add(first.Request().ToByteArray()).Accepted;
        }

        using var again = Open();
        for (var i = 0; i < 500; i++)
            spans += again.Add(second.Request().ToByteArray()).Accepted;
        await again.Replay;
        Assert.AreEqual(spans, again.State.Spans);
        Assert.AreEqual(spans, again.State.Accepted);
    }

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = true)]
    public async Task Nothing_that_was_acknowledged_is_lost_when_the_viewer_is_killed()
    {
        var acknowledged = 0;
        using (var viewer = Process.Start(new ProcessStartInfo(
            Environment.ProcessPath!, [.. Assembly(), "--port", "0", "--http-port", "0", "--grpc-port", "0", "--data", _folder]) { RedirectStandardOutput = true, UseShellExecute = false })!)
        {
            var address = (await viewer.StandardOutput.ReadLineAsync(context.CancellationToken))!.Split(' ')[4];
            using var exporter = new Exporter(new Uri(address));
            var sending = Task.Run(async () =>
            {
                try
                {
                    while (true)
                    {
                        var span = Exporter.Request("killed");
                        span.ResourceSpans[0].ScopeSpans[0].Spans[0].TraceId = ByteString.CopyFrom(Guid.NewGuid().ToByteArray());
                        if ((await exporter.PostForStatusAsync(span.ToByteArray(), CancellationToken.None)).Status == 200 && Interlocked.Increment(ref acknowledged) == 300)
                            viewer.Kill();
                    }
                }
                catch (HttpRequestException)
                {
                    // It was killed.
                }
            });
            await sending;
            await viewer.WaitForExitAsync(context.CancellationToken);
        }

        using var again = Open();
        await again.Replay;
        Assert.IsGreaterThanOrEqualTo(acknowledged, again.State.Spans);
        Assert.IsGreaterThanOrEqualTo(300, acknowledged);
        Assert.IsEmpty(_complaints);
    }

    [TestMethod]
    public async Task A_file_that_is_no_database_is_put_aside_and_said()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "traces.db"), new string('x', 10_000), context.CancellationToken);

        using var store = Open();
        store.Add(Exporter.Request("new").ToByteArray());

        Assert.HasCount(1, await All(store));
        Assert.MatchesRegex(@"^.*traces\.db is damaged \(.*\): it is kept as traces\.db\.damaged-1, and a new one is begun\.$", _complaints.Single());
        Assert.AreEqual(10_000, new FileInfo(Path.Combine(_folder, "traces.db.damaged-1")).Length);
    }

    [TestMethod]
    public async Task A_file_that_is_damaged_in_its_middle_is_read_as_far_as_it_goes()
    {
        var random = new RandomTraces(9);
        long spans = 0;
        using (var store = Open())
        {
            for (var i = 0; i < 2000; i++)
                spans += store.Add(random.Request().ToByteArray()).Accepted;
        }

        await using (var file = File.OpenWrite(Path.Combine(_folder, "traces.db")))
        {
            file.Position = file.Length / 2;
            file.Write(new byte[200_000]);
        }

        using (var again = Open())
        {
            await again.Replay;
            Assert.IsInRange(1, spans - 1, again.State.Spans);
            Assert.IsNotEmpty(_complaints);
            again.Add(Exporter.Request("later").ToByteArray());
        }

        _complaints.Clear();
        using var third = Open();
        await third.Replay;
        Assert.IsNotNull(third.Find(new string('a', 32)));
        Assert.IsEmpty(_complaints);
    }

    [TestMethod]
    public void A_second_viewer_is_told_that_the_folder_is_taken()
    {
        using var first = Open();

        Assert.AreEqual(
            $"The folder {_folder} is in use by another viewer; end that one, or choose another folder with --data.", Assert.ThrowsExactly<IOException>(Open).Message);
    }

    [TestMethod]
    public void A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");

        var failure = Assert.ThrowsExactly<IOException>(() => new TraceStore(64 << 20, Path.Combine(_folder, "file", "folder"), 1 << 30, _complaints.Add));
        Assert.StartsWith($"The folder {Path.Combine(_folder, "file", "folder")} cannot be used (", failure.Message);
    }

    [TestMethod]
    public async Task The_file_stays_within_its_size_and_the_oldest_traces_go()
    {
        const long Quota = 16 << 20;
        var noise = new Random(10);
        using (var store = Open(Quota))
        {
            // Until then what comes is only kept, and read at its turn.
            await store.Replay;
            for (var i = 1; i < 1500; i++)
            {
                var bytes = new byte[20_000];
                noise.NextBytes(bytes);
                var request = Exporter.Request(Convert.ToBase64String(bytes));
                request.ResourceSpans[0].ScopeSpans[0].Spans[0].TraceId = ByteString.CopyFrom(Convert.FromHexString(i.ToString("x32", CultureInfo.InvariantCulture)));
                store.Add(request.ToByteArray());
            }

            Assert.IsGreaterThan(0, store.State.DroppedTraces);
            Assert.IsNotNull(store.Find("5db"), "1499");
        }

        Assert.IsLessThan(Quota + (8 << 20), new FileInfo(Path.Combine(_folder, "traces.db")).Length);
        using var again = Open(Quota);
        await again.Replay;
        Assert.IsNotNull(again.Find("5db"));
    }

    TraceStore Open() => Open(1 << 30);

    TraceStore Open(long quota) => new(64 << 20, _folder, quota, _complaints.Add);

    // The test program's own host, so that the viewer runs on the same runtime.
    static string[] Assembly() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Program).Assembly.Location] : ["exec", typeof(Program).Assembly.Location];

    static async Task<List<string>> All(TraceStore store)
    {
        await store.Replay;
        var traces = store.Find(new TraceQuery { Limit = int.MaxValue }).Traces;
        return [.. traces.SelectMany(trace => store.Find(trace.TraceId)!.Nodes).Select(node => Expected.Text(node.Span)).Order(StringComparer.Ordinal)];
    }
}
