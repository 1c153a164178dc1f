using System.Reflection;
using System.Runtime.CompilerServices;

namespace Agent.AspNetCore.Hooks;

/// <summary>The place of a method in the source, from the PDB beside its assembly or inside it.</summary>
/// <param name="File">As the compiler wrote it.</param>
/// <param name="Number">The first line with code, counted from 1.</param>
sealed record SourceLine(string File, int Number)
{
    /// <summary>«Program.cs:28», as spans name a lambda.</summary>
    public string Name => $"{Path.GetFileName(File)}:{Number}";

    /// <summary>
    /// Reads on another thread, while the app goes on starting. The result is null where there is no PDB, or none that can be read.
    /// </summary>
    public static Task<SourceLine?> Start(MethodInfo method) => Task.Run(() =>
    {
        try
        {
            return Of(method);
        }
        catch (Exception e)
        {
            // Whatever a PDB can be wrong in: the name is then less telling, and the request that waits for it goes on.
            Log.Debug($"no source line for {method}: {e.Message}");
            return null;
        }
    });

    static SourceLine? Of(MethodInfo method)
    {
        // The lines of an async lambda are those of its state machine.
        var withLines = method.GetCustomAttribute<StateMachineAttribute>()?.StateMachineType.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.NonPublic) ?? method;
        var path = method.Module.FullyQualifiedName;
        using var pdb = System.IO.File.Exists(path) ? PortablePdb.Of(path) : PortablePdb.Beside(AppContext.BaseDirectory, method.Module.Assembly);
        return pdb?.FirstLine(withLines.MetadataToken & 0xFFFFFF);
    }
}
