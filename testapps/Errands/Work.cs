using System.Diagnostics;

namespace Errands;

/// <summary>What all errands are about: somebody else notices that there is something to do, and does it.</summary>
sealed class Work
{
    static readonly Dictionary<string, Work> All = [];

    readonly TaskCompletionSource<string> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with what was done.</summary>
    public Task<string> Done => _done.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Finds the work again where only a name arrives.</summary>
    public static Work Of(string errand)
    {
        lock (All)
            return All.TryGetValue(errand, out var work) ? work : All[errand] = new Work();
    }

    public void Do(string errand) => _done.TrySetResult($"{errand} is done{(Activity.Current is null ? "" : ", traced")}");
}
