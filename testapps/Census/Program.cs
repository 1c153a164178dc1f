// Looks at its own assemblies as module finders, mappers and containers do, and has code of its own run when one is loaded. What it counts does not depend on
// how far the framework has been loaded: names of the framework are left out.
using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Census;

Startups.Began = Stopwatch.GetTimestamp();
var heard = new List<string>();
AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) =>
{
    lock (heard)
        heard.Add(loaded.LoadedAssembly.GetName().Name!);
};
switch (args[0])
{
    case "at-once":
        Console.WriteLine(Scan());
        break;
    case "lock":
        Console.WriteLine(Startups.CommandInsideLock());
        Serve();
        break;
    case "references":
        LoadReferences();
        Console.WriteLine("All references can be loaded.");
        break;
    case "constructor":
        Console.WriteLine(Constructed.Result);
        break;
    case "web":
        Console.WriteLine(Scan()); // while the agent starts
        Serve();
        break;
    default:
        throw new ArgumentException($"{args[0]} is none of at-once, references, lock, constructor, web", nameof(args));
}

void Serve()
{
    var builder = WebApplication.CreateBuilder(args);
    builder.Services.AddOpenTelemetry();
    var app = builder.Build();
    app.MapGet("/scan", Scan);
    app.MapGet("/command", () => Startups.Commands(Stopwatch.GetTimestamp()));
    app.Run();
}

// Everything that any assembly refers to is loaded, and what that refers to; each name is there once, and nobody is told of an assembly that is not in the list.
string Scan()
{
    LoadReferences();
    var byName = AppDomain.CurrentDomain.GetAssemblies().ToDictionary(assembly => assembly.GetName().Name!);
    lock (heard)
        return $"{Own(byName.Keys)} | {string.Join(' ', AssemblyLoadContext.All.Select(context => $"{context.Name}: {Own(context.Assemblies.Select(assembly => assembly.GetName().Name!))}"))} | heard {Own(heard)}";
}

static void LoadReferences()
{
    for (var (count, before) = (AppDomain.CurrentDomain.GetAssemblies().Length, 0); count > before; (count, before) = (AppDomain.CurrentDomain.GetAssemblies().Length, count))
    {
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            foreach (var reference in assembly.GetReferencedAssemblies())
                Assembly.Load(reference);
        }
    }
}

static string Own(IEnumerable<string> names) => string.Join(' ', names.Where(name => !name.StartsWith("System", StringComparison.Ordinal)
    && !name.StartsWith("Microsoft", StringComparison.Ordinal) && name is not ("netstandard" or "mscorlib" or "WindowsBase")).Order(StringComparer.Ordinal));
