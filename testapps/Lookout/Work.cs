using System.Collections.Concurrent;

namespace Lookout;

/// <summary>What a request waits for: that somebody else has done what it has handed on.</summary>
static class Work
{
    static readonly ConcurrentDictionary<string, TaskCompletionSource<string>> All = new();

    static TaskCompletionSource<string> Of(string name) => All.GetOrAdd(name, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    public static Task<string> Done(string name) => Of(name).Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Nobody can do what is hopeless.</summary>
    public static async Task Do(string name, Database database)
    {
        await database.Ask();
        Of(name).TrySetResult($"{name} is done");
        if (name.StartsWith("hopeless", StringComparison.Ordinal))
            throw new InvalidOperationException("Nobody can do that.");
    }
}
