using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Agent.Torture.Workload;

/// <summary>Tasks, async methods, channels, locks, timers, cancellation, AsyncLocal.</summary>
static class AsyncWork
{
    static readonly AsyncLocal<string?> Ambient = new();

    public static async Task Run(Transcript to)
    {
        to.Section("async");
        to.Add("tasks", (await Task.WhenAll(Enumerable.Range(0, 50).Select(Square))).Sum());
        to.Add("value tasks", await Add(1, 2) + await Add(3, 4));
        Ambient.Value = "outer";
        to.Add("ambient", $"{await ChangeAmbient()} {Ambient.Value}");
        to.Add("channel", await ThroughChannel());
        to.Add("stream", await Countdown(5).SumAsync());
        to.Add("continuation", await Task.FromResult(3).ContinueWith(task => task.Result * 2, TaskScheduler.Default));
        using var gate = new SemaphoreSlim(2);
        to.Add("semaphore", (await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Guarded(gate, number)))).Sum());
        to.Add("locked", await Locked());
        to.Add("thread", OnThread());
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        to.Add("timer", await timer.WaitForNextTickAsync());
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(5));
        await to.ThrowsAsync("cancelled", () => Task.Delay(Timeout.Infinite, stop.Token));
        await to.ThrowsAsync("timeout", () => new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromMilliseconds(5)));
        await to.ThrowsAsync("after yield", ThrowLater);
        to.Throws("aggregate", () => Task.WhenAll(ThrowLater(), ThrowLater()).Wait());
        to.Throws("parallel", () => Parallel.For(0, 1, _ => throw new InvalidOperationException("in loop")));
        await to.ThrowsAsync("channel closed", async () =>
        {
            var channel = Channel.CreateUnbounded<int>();
            channel.Writer.Complete(new IOException("closed"));
            await channel.Reader.ReadAsync();
        });
        to.Add("lazy", new Lazy<int>(() => 5).Value);
        to.Throws("lazy error", () => _ = new Lazy<int>(() => throw new InvalidOperationException("lazy")).Value);
    }

    static async Task<int> Square(int number)
    {
        await Task.Yield();
        return number * number;
    }

    static async ValueTask<int> Add(int left, int right)
    {
        if (left > 2)
            await Task.Yield();
        return left + right;
    }

    static async Task<string?> ChangeAmbient()
    {
        Ambient.Value = "inner";
        await Task.Yield();
        return Ambient.Value;
    }

    static async Task<long> ThroughChannel()
    {
        var channel = Channel.CreateBounded<int>(4);
        var producers = Task.WhenAll(Enumerable.Range(0, 3).Select(start => Task.Run(async () =>
        {
            for (var number = start; number < 300; number += 3)
                await channel.Writer.WriteAsync(number);
        })));
        var closing = producers.ContinueWith(_ => channel.Writer.Complete(), TaskScheduler.Default);
        var sum = 0L;
        await foreach (var number in channel.Reader.ReadAllAsync())
            sum += number;
        await closing;
        return sum;
    }

    static async IAsyncEnumerable<int> Countdown(int from, [EnumeratorCancellation] CancellationToken stop = default)
    {
        for (; from > 0; from--)
        {
            await Task.Delay(1, stop);
            yield return from;
        }
    }

    static async Task<int> Guarded(SemaphoreSlim gate, int number)
    {
        await gate.WaitAsync();
        try
        {
            await Task.Yield();
            return number;
        }
        finally
        {
            gate.Release();
        }
    }

    static async Task<int> Locked()
    {
        var (count, monitor, modern) = (0, new object(), new Lock());
        using var readers = new ReaderWriterLockSlim();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                lock (monitor)
                    count++;
                lock (modern)
                    Interlocked.Increment(ref count);
                readers.EnterWriteLock();
                readers.ExitWriteLock();
            }
        })));
        return count >= 2_000 ? 1 : 0;
    }

    static string OnThread()
    {
        using var started = new ManualResetEventSlim();
        var result = "";
        var thread = new Thread(() =>
        {
            try
            {
                started.Set();
                throw new InvalidOperationException("on a thread");
            }
            catch (InvalidOperationException e) when (e.Message.EndsWith("thread", StringComparison.Ordinal))
            {
                result = $"{Thread.CurrentThread.Name} {e.Message}";
            }
        }) { Name = "worker" };
        thread.Start();
        started.Wait();
        thread.Join();
        return result;
    }

    static async Task ThrowLater()
    {
        await Task.Yield();
        throw new InvalidOperationException("later");
    }
}
