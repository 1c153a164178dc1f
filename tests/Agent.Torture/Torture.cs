using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Agent.Torture.Workload;
using HarmonyLib;

namespace Agent.Torture;

/// <summary>One run: workload, then for each assembly patch, compile, workload; everything out again; workload.</summary>
sealed class Torture(Options options)
{
    const int BatchSize = 2_000, RequiredMethods = 100_000;
    const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    readonly Summary _summary = new();
    readonly Harmony _harmony = new("torture");
    readonly List<MethodBase> _genericMethods = [];
    readonly List<Suspect> _suspects = [];
    readonly bool _isWhole = !options.IsSample;
    readonly HashSet<string> _differing = [];
    List<string> _expected = [];

    /// <returns>0 if nothing failed, otherwise 1.</returns>
    public async Task<int> Run()
    {
        var time = Stopwatch.StartNew();
        var names = options.Assemblies is not [] ? options.Assemblies : options.IsSample ? TargetAssemblies.Sample : TargetAssemblies.All;
        var assemblies = names.Select(Load).ToList();
        Console.WriteLine("Without patches");
        _expected = await Workloads.Run(_isWhole);
        if (options.WantsResults)
        {
            Console.WriteLine(string.Join(Environment.NewLine, _expected));
            return 0;
        }
        await RunWorkload();

        var folder = typeof(Torture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "AgentFolder").Value!;
        Harmony.Report = _summary.Failed; // empty patches do not fail
        Harmony.Attach(Path.Combine(folder, "native", RuntimeInformation.RuntimeIdentifier, OperatingSystem.IsMacOS() ? "libagent_rejit.dylib" : "libagent_rejit.so"));
        foreach (var (index, assembly) in assemblies.Index())
        {
            Console.WriteLine($"[{index + 1}/{assemblies.Count}] {assembly.GetName().Name}");
            PatchAll(assembly);
            await RunWorkload();
        }

        Console.WriteLine("All patches out");
        var watch = Stopwatch.StartNew();
        _harmony.UnpatchAll(_harmony.Id);
        Console.WriteLine($"  {Harmony.GetAllPatchedMethods().Count()} patched methods left, {watch.Elapsed.TotalSeconds:F1} s");
        Hooks.IsOver = true;
        await RunWorkload();
        if (Hooks.Seen is not "" and var methods)
            _summary.Failed($"patches that were taken out still ran in {methods}");
        Hooks.IsOver = false;
        PrepareGenericMethods();
        CheckSuspects();
        if (options is { IsSample: false, Assemblies: [] } && _summary.Patched < RequiredMethods)
            _summary.Failed($"only {_summary.Patched:N0} methods were patched, {RequiredMethods:N0} are wanted");
        _summary.Print(time.Elapsed);
        return _summary.Failures.Count == 0 ? 0 : 1;
    }

    static Assembly Load(string name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (FileNotFoundException)
        {
            throw new FormatException($"--assembly {name}: there is no such assembly in .NET, ASP.NET Core or Entity Framework Core.");
        }
    }

    async Task RunWorkload()
    {
        var watch = Stopwatch.StartNew();
        List<string> lines;
        try
        {
            lines = await Workloads.Run(_isWhole);
        }
        catch (Exception e)
        {
            _summary.Failed($"the workload ended with {e}");
            return;
        }
        var differences = _expected.Zip(lines).Where(pair => pair.First != pair.Second).ToList();
        foreach (var (expected, actual) in differences.Where(pair => _differing.Add(pair.First)))
            _summary.Failed($"a result differs:\n    without patches  {expected}\n    with patches     {actual}");
        if (lines.Count != _expected.Count)
            _summary.Failed($"the workload has {lines.Count} results instead of {_expected.Count}");
        Console.WriteLine($"  workload: {lines.Count - differences.Count} of {_expected.Count} results are the same, {watch.Elapsed.TotalSeconds:F1} s");
    }

    void PatchAll(Assembly assembly)
    {
        MethodBase[] methods = [.. assembly.GetTypes().SelectMany(type => type.GetMethods(Declared).AsEnumerable<MethodBase>().Concat(type.GetConstructors(Declared)))];
        var (patched, prepared, patching, compiling) = (_summary.Patched, _summary.Prepared, new Stopwatch(), new Stopwatch());
        foreach (var (index, batch) in methods.Chunk(BatchSize).Index())
        {
            if (methods.Length > BatchSize)
                Console.WriteLine($"  batch {index + 1}: {Name(batch[0])} … {Name(batch[^1])}");
            patching.Start();
            var refused = PatchMany(batch);
            patching.Stop();
            foreach (var reason in refused.Values)
                _summary.Refused(reason[(reason.IndexOf("cannot be patched: ", StringComparison.Ordinal) + "cannot be patched: ".Length)..]);
            _summary.Patched += batch.Length - refused.Count;
            _summary.RuntimeAsync += batch.Count(method => !refused.ContainsKey(method) && AccessTools.IsRuntimeAsync(method));
            compiling.Start();
            foreach (var method in batch.Where(method => !refused.ContainsKey(method)))
            {
                if (method.IsGenericMethodDefinition || method.DeclaringType!.IsGenericTypeDefinition)
                    _genericMethods.Add(method);
                else
                    Prepare(new Suspect(method, [], ""));
            }
            compiling.Stop();
        }
        _summary.Patching += patching.Elapsed;
        _summary.Methods += methods.Length;
        Console.WriteLine($"  patched {_summary.Patched - patched:N0} of {methods.Length:N0} methods in {patching.Elapsed.TotalSeconds:F1} s, {_summary.Prepared - prepared:N0} new bodies compiled in {compiling.Elapsed.TotalSeconds:F1} s; {_summary.Patched:N0} patched in all");
    }

    IReadOnlyDictionary<MethodBase, string> PatchMany(MethodBase[] methods) => options.IsTranspiling
        ? _harmony.PatchMany(methods, transpiler: Hooks.ForTranspiler)
        : _harmony.PatchMany(methods, Hooks.ForPrefix, Hooks.ForPostfix, Hooks.ForFinalizer);

    /// <summary>At the very end: each of the many new instantiations makes the runtime slower at patching generic methods, and at taking patches out.</summary>
    void PrepareGenericMethods()
    {
        Console.WriteLine("Generic methods once more, to be compiled");
        var (watch, prepared) = (Stopwatch.StartNew(), _summary.Prepared);
        foreach (var (index, batch) in _genericMethods.Chunk(BatchSize).Index())
        {
            Console.WriteLine($"  batch {index + 1}");
            PatchMany(batch);
        }
        Console.WriteLine($"  patched {_genericMethods.Count:N0} in {watch.Elapsed.TotalSeconds:F1} s");
        watch.Restart();
        foreach (var methods in _genericMethods.GroupBy(method => method.Module.Assembly))
        {
            var arguments = new TypeArguments(methods.Key);
            foreach (var method in methods)
                Prepare(method, arguments);
        }
        Console.WriteLine($"  {_summary.Prepared - prepared:N0} new bodies compiled in {watch.Elapsed.TotalSeconds:F1} s");
    }

    void Prepare(MethodBase method, TypeArguments arguments)
    {
        if (arguments.For(method) is { } found)
            Prepare(new Suspect(method, found, ""));
        else
            _summary.NotPrepared++;
    }

    /// <summary>Has the JIT compile the new body now, whether the workload calls it or not.</summary>
    void Prepare(Suspect suspect)
    {
        var problem = Compile(suspect);
        if (problem is null)
            _summary.Prepared++;
        else
            _suspects.Add(suspect with { Problem = problem });
    }

    static string? Compile(Suspect suspect)
    {
        try
        {
            if (suspect.Arguments is [])
                RuntimeHelpers.PrepareMethod(suspect.Method.MethodHandle);
            else
                RuntimeHelpers.PrepareMethod(suspect.Method.MethodHandle, [.. suspect.Arguments.Select(argument => argument.TypeHandle)]);
            return null;
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    /// <summary>A method that did not compile: if it does without patches, it is the new body's fault.</summary>
    void CheckSuspects()
    {
        foreach (var suspect in _suspects)
        {
            _harmony.Unpatch(suspect.Method, HarmonyPatchType.All);
            if (Compile(suspect) is null)
                _summary.Failed($"{Name(suspect.Method)}<{string.Join(", ", suspect.Arguments.AsEnumerable())}> does not compile with patches: {suspect.Problem}");
            else
                _summary.NeverCompile++;
        }
    }

    static string Name(MethodBase method) => $"{method.DeclaringType}.{method.Name}";

    sealed record Suspect(MethodBase Method, Type[] Arguments, string Problem);
}
