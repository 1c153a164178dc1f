using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace Agent.Benchmarks.Viewer;

/// <summary>Many minutes of an even load: does the viewer's memory stay flat, and does it answer all the while?</summary>
static class Soak
{
    const int SpansPerSecond = 5000;
    const int Connections = 4;
    const int MinutesAtLeast = 3;

    // How much more memory the last third may take than the one before it.
    const double Tolerance = 0.05;

    static readonly TimeSpan BetweenQuestions = TimeSpan.FromSeconds(5);

    /// <summary>Reads <c>--soak MINUTES</c>.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static int? Minutes(string[] args) =>
        args is [_, var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes >= MinutesAtLeast
            ? minutes
            : throw new FormatException($"bench viewer --soak needs a whole number of minutes, at least {MinutesAtLeast}, and nothing else.");

    /// <summary>Sends, asks, prints a line each minute and the verdict at the end.</summary>
    /// <exception cref="BenchmarkException">The memory did not stay flat, or something was not answered.</exception>
    public static async Task Run(string viewer, int minutes, CancellationToken stop)
    {
        await using var process = await ViewerProcess.Ours(viewer, ["--memory", "64MiB"], stop);
        var soak = new State(process, new SentTraces(25, 20));
        Console.WriteLine($"{SpansPerSecond} spans/s over {Connections} connections, {minutes} min, --memory 64MiB (process {process.Id})\n\nminute     MB    spans/s  slowest: sent  list  trace  filter  route  Jaeger (ms)  refused  failed");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var load = Enumerable.Range(0, Connections).Select(i => Task.Run(() => soak.SendAsync(i, end.Token), stop)).Append(Task.Run(() => soak.AskAsync(end.Token), stop)).ToArray();
        var memory = new List<double>();
        for (var minute = 1; minute <= minutes; minute++)
        {

            var samples = new List<double>();
            for (var i = 0; i < 12; i++)
            {
                await Task.Delay(TimeSpan.FromSeconds(5), stop);
                samples.Add(ProcFiles.Memory(process.Id));
            }

            memory.Add(samples.Average());
            Console.WriteLine(soak.Line(minute, samples.Average()));
        }

        await end.CancelAsync();
        await Task.WhenAll(load);
        var third = minutes / 3;
        var (middle, last) = (memory.Skip(third).Take(third).Average(), memory.TakeLast(third).Average());
        var isFlat = last <= middle * (1 + Tolerance);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\nThe memory {(isFlat ? "stayed flat" : "grew")}: {middle:0.0} MB in the middle third, {last:0.0} MB in the last one. {soak.Spans} spans were taken, {soak.Refused} requests refused, {soak.Failed} questions not answered."));
        if (!isFlat || soak.Refused > 0 || soak.Failed > 0)
            throw new BenchmarkException("The soak shows a fault.");
    }

    sealed class State(ViewerProcess process, SentTraces traces)
    {
        static readonly string[] Questions = ["sent", "list", "trace", "filter", "route", "Jaeger"];
        readonly Lock _lock = new();
        readonly TimeSpan[] _slowest = new TimeSpan[Questions.Length];
        long _spansBefore;

        public long Spans { get; private set; }

        public int Refused { get; private set; }

        public int Failed { get; private set; }

        public async Task SendAsync(int number, CancellationToken stop)
        {
            using var client = new HttpClient { BaseAddress = process.Otlp };
            var (random, buffer, started) = (new Random(number), traces.Buffer(), Stopwatch.GetTimestamp());
            var each = TimeSpan.FromSeconds((double)traces.Count * Connections / SpansPerSecond);
            // The connections take turns, and one that was late catches up.
            for (var due = each * number / Connections; !stop.IsCancellationRequested; due += each)
            {
                if (due - Stopwatch.GetElapsedTime(started) is var early && early > TimeSpan.Zero)
                    await Task.Delay(early, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                traces.Fill(buffer, random);
                var sent = Stopwatch.GetTimestamp();
                try
                {
                    using var content = new ByteArrayContent(buffer);
                    content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
                    using var answer = await client.PostAsync(new Uri("/v1/traces", UriKind.Relative), content, stop);
                    Count(answer.IsSuccessStatusCode ? traces.Count : 0, answer.IsSuccessStatusCode ? 0 : 1, Stopwatch.GetElapsedTime(sent));
                }
                catch (HttpRequestException)
                {
                    Count(0, 1, Stopwatch.GetElapsedTime(sent));
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    return;
                }
            }
        }

        public async Task AskAsync(CancellationToken stop)
        {
            using var client = new HttpClient { BaseAddress = process.Web };
            while (!stop.IsCancellationRequested)
            {
                await Task.Delay(BetweenQuestions, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                try
                {
                    var list = await AskAsync(client, 1, "/", stop);
                    var at = list.IndexOf("/trace/", StringComparison.Ordinal);
                    await AskAsync(client, 2, at < 0 ? "/trace/0" : list.Substring(at, "/trace/".Length + 32), stop);
                    await AskAsync(client, 3, "/?q=db.system.name%3Dsqlite+duration%3E100ms", stop);
                    await AskAsync(client, 4, "/route?service=Storefront&name=GET+Products%2F%7Bid%3Aint%7D", stop);
                    await AskAsync(client, 5, "/api/traces?service=Storefront&limit=20", stop);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    return;
                }
            }
        }

        /// <summary>What the last minute gave.</summary>
        public string Line(int minute, double memory)
        {
            lock (_lock)
            {
                var text = string.Create(CultureInfo.InvariantCulture,
                    $"{minute,6} {memory,6:0.0} {(Spans - _spansBefore) / 60.0,10:0}          {string.Join(' ', _slowest.Select(time => $"{time.TotalMilliseconds,6:0}"))}            {Refused,8} {Failed,7}");
                _spansBefore = Spans;
                Array.Clear(_slowest);
                return text;
            }
        }

        async Task<string> AskAsync(HttpClient client, int question, string address, CancellationToken stop)
        {
            var asked = Stopwatch.GetTimestamp();
            try
            {
                using var answer = await client.GetAsync(new Uri(address, UriKind.Relative), stop);
                var text = await answer.Content.ReadAsStringAsync(stop);
                lock (_lock)
                {
                    Failed += answer.IsSuccessStatusCode ? 0 : 1;
                    _slowest[question] = Max(_slowest[question], Stopwatch.GetElapsedTime(asked));
                }

                return text;
            }
            catch (HttpRequestException)
            {
                lock (_lock)
                    Failed++;
                return "";
            }
        }

        void Count(int spans, int refused, TimeSpan time)
        {
            lock (_lock)
            {
                Spans += spans;
                Refused += refused;
                _slowest[0] = Max(_slowest[0], time);
            }
        }

        static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
    }
}
