using System.Collections.Concurrent;
using System.Diagnostics;

namespace Maze;

/// <summary>What a unit does besides calling the next one.</summary>
sealed class Work(Visit visit)
{
    static readonly ActivitySource Source = new("Maze");
    static readonly HttpClient Client = new();
    static int _groups;

    /// <summary>What was begun and not waited for.</summary>
    public static ConcurrentQueue<Task> Late { get; } = new();

    /// <param name="random">Where things run side by side, each has numbers of its own, so that a seed always means the same.</param>
    /// <param name="depth">How deep in other work this is.</param>
    public async Task Do(Random random, int depth = 0)
    {
        for (var i = random.Next(depth > 1 ? 1 : 3); i > 0; i--)
        {
            switch (random.Next(8))
            {
                case 0:
                    await Task.Yield();
                    break;
                case 1:
                    await Task.Run(static () => { }).ConfigureAwait(false);
                    break;
                case 2:
                    Step();
                    break;
                case 3:
                    await Part(random, 0, depth);
                    break;
                case 4:
                    var group = Interlocked.Increment(ref _groups);
                    var seeds = Enumerable.Range(0, 2 + random.Next(2)).Select(_ => random.Next()).ToList();
                    await Task.WhenAll(seeds.Select(seed => seed % 2 == 0 ? Part(new Random(seed), group, depth) : Task.Run(() => Part(new Random(seed), group, depth))));
                    break;
                case 5:
                    await foreach (var _ in Items(1 + random.Next(3)).ConfigureAwait(random.Next(2) == 0)) { }
                    break;
                case 6:
                    Late.Enqueue(AfterTheAnswer(random.Next()));
                    break;
                case 7 when visit.MayCall:
                    await Call(random.Next(visit.Shapes));
                    break;
            }
        }
    }

    static void Step()
    {
        using var activity = Source.StartActivity("step");
        using var _ = Recorder.Enter("step");
    }

    async Task Part(Random random, int group, int depth)
    {
        using var activity = Source.StartActivity("part");
        using var _ = Recorder.Enter("part", group);
        await Do(random, depth + 1);
    }

    /// <summary>Each item is made when somebody asks for it, and belongs to whoever asks.</summary>
    public static async IAsyncEnumerable<int> Items(int count)
    {
        for (var i = 0; i < count; i++)
        {
            using (Source.StartActivity("item"))
            using (Recorder.Enter("item"))
                await Task.Yield();
            yield return i;
        }
    }

    /// <summary>Nobody waits for it; it ends after the request that has begun it.</summary>
    async Task AfterTheAnswer(int seed)
    {
        await visit.Answered.Task;
        using var activity = Source.StartActivity("late");
        using var _ = Recorder.Enter("late", group: -1);
        await Do(new Random(seed), depth: 2);
    }

    async Task Call(int shape)
    {
        using var activity = Source.StartActivity("call");
        using var _ = Recorder.Enter("call");
        using var silent = Recorder.EnterSilently("GET");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(visit.Self, $"/maze/{shape}")) { Headers = { { "Call", $"{Recorder.AnnounceCall()}" } } };
        using var response = await Client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
    }
}
