using System.ComponentModel;
using System.Data.Common;
using System.Reflection;
using System.Runtime.CompilerServices;
using HarmonyLib;

namespace Agent.Instrumentations.Data;

/// <summary>
/// Finds the commands and batches of ADO.NET providers, whichever they are, and patches their methods the first time that a type is seen, so that
/// each execution has a span. The constructor is the one place that every command goes through before it can be executed; it is patched in DbCommand's
/// base class, whose assembly has 19 KB of metadata for the runtime to copy where System.Data.Common has 481. A provider that makes spans of its own
/// is left alone. EF Core and Dapper end here too.
/// </summary>
[HarmonyPatch(typeof(Component), MethodType.Constructor)]
static class AdoNetPatch
{
    const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    static readonly string[] Executions =
    [
        "ExecuteReader", "ExecuteDbDataReader", "ExecuteNonQuery", "ExecuteScalar", "ExecuteXmlReader",
        "ExecuteArrowStream", // DuckDB's
        "ExecuteReaderAsync", "ExecuteDbDataReaderAsync", "ExecuteNonQueryAsync", "ExecuteScalarAsync", "ExecuteXmlReaderAsync",
    ];

    static readonly Harmony Harmony = new("agent");
    static readonly ConditionalWeakTable<Type, Library> Seen = [];
    static readonly Lock Gate = new();

    /// <summary>Of the base classes of all providers.</summary>
    static readonly Assembly AdoNet = typeof(DbCommand).Assembly;

    static void Prefix(object __instance)
    {
        if (__instance is DbCommand)
            See(__instance);
    }

    [HarmonyPrefix, HarmonyPatch("System.Data.Common.DbBatch, System.Data.Common", ".ctor", MethodType.Constructor)]
    static void OfBatch(object __instance) => See(__instance);

    static void See(object command)
    {
        if (!Seen.TryGetValue(command.GetType(), out _))
            Install(command.GetType());
    }

    /// <summary>The library that a command or batch is of.</summary>
    public static Library LibraryOf(Type command) => Seen.TryGetValue(command, out var library) ? library : Provider(command);

    /// <summary>An app may derive its commands from those of a provider that lets it.</summary>
    static Library Provider(Type command)
    {
        for (var type = command; type is not null && type.Assembly != AdoNet; type = type.BaseType)
        {
            if (Libraries.Provider(type.Assembly.GetName().Name) is { } library)
                return library;
        }
        return Libraries.OtherProvider;
    }

    static void Install(Type command)
    {
        var library = Provider(command);
        lock (Gate)
        {
            if (library.Patch is not null && library.IsOn(Settings.Current) && !Seen.TryGetValue(command, out _))
                PatchCalls.Install(Harmony, Executing(command), typeof(DbCommandCall), "a database command");
            Seen.AddOrUpdate(command, library); // only now, so that other threads wait for the patches
        }
    }

    /// <summary>What the type and its base classes below DbCommand or DbBatch declare: a provider's own overloads do not go through theirs.</summary>
    static IEnumerable<MethodInfo> Executing(Type command)
    {
        for (var type = command; type is not null && type.Assembly != AdoNet; type = type.BaseType)
        {
            foreach (var name in Executions) // asked by name, the runtime describes only these to us, not all methods of the type
            {
                foreach (var method in type.GetMember(name, MemberTypes.Method, Declared).Cast<MethodInfo>())
                {
                    var isExecution = method.IsPublic || method.GetBaseDefinition().DeclaringType!.Assembly == AdoNet;
                    var canEnd = typeof(Task).IsAssignableFrom(method.ReturnType) || !name.EndsWith("Async", StringComparison.Ordinal); // not a ValueTask
                    if (isExecution && canEnd && !method.IsAbstract)
                        yield return method;
                }
            }
        }
    }
}
