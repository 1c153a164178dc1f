namespace Agent.Torture;

/// <summary>What happened, counted.</summary>
sealed class Summary
{
    readonly Dictionary<string, int> _refused = [];
    readonly List<string> _failures = [];

    public int Methods { get; set; }

    public int Patched { get; set; }

    /// <summary>Those of them that are compiled as runtime-async (.NET 11).</summary>
    public int RuntimeAsync { get; set; }

    /// <summary>New bodies that the JIT has been asked for.</summary>
    public int Prepared { get; set; }

    /// <summary>Generic methods for which no type arguments were found.</summary>
    public int NotPrepared { get; set; }

    /// <summary>Methods that the runtime does not compile without patches either.</summary>
    public int NeverCompile { get; set; }

    public TimeSpan Patching { get; set; }

    public IReadOnlyList<string> Failures => _failures;

    public void Refused(string reason) => _refused[reason] = _refused.GetValueOrDefault(reason) + 1;

    public void Failed(string sentence)
    {
        _failures.Add(sentence);
        Console.WriteLine($"  FAILED: {sentence}");
    }

    public void Print(TimeSpan total)
    {
        Console.WriteLine();
        Console.WriteLine($"methods      {Methods,9:N0}");
        Console.WriteLine($"patched      {Patched,9:N0}   {Patching.TotalMilliseconds / Math.Max(1, Patched):F2} ms each, {Hooks.Calls:N0} calls of the prefix");
        Console.WriteLine($"             {RuntimeAsync,9:N0}   of them runtime-async, on .NET {Environment.Version}");
        Console.WriteLine($"refused      {_refused.Values.Sum(),9:N0}");
        foreach (var (reason, count) in _refused.OrderByDescending(item => item.Value))
            Console.WriteLine($"             {count,9:N0}   {reason}");
        Console.WriteLine($"compiled     {Prepared,9:N0}   new bodies, of generic methods one instantiation");
        Console.WriteLine($"             {NotPrepared,9:N0}   generic methods only if the workload called them: no types found that fit their constraints");
        Console.WriteLine($"             {NeverCompile,9:N0}   that the runtime does not compile without patches either");
        Console.WriteLine($"failed       {_failures.Count,9:N0}");
        Console.WriteLine($"time         {total.TotalSeconds,9:F0} s");
    }
}
