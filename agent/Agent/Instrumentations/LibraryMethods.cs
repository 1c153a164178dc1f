using System.Reflection;

namespace Agent.Instrumentations;

/// <summary>Methods of a library, among which TargetMethods of a patch class chooses.</summary>
static class LibraryMethods
{
    /// <summary>The public methods that a class itself has for its objects, in every copy of the library that is loaded.</summary>
    /// <param name="library">The assembly's simple name.</param>
    /// <param name="type">The class, with its namespace.</param>
    public static IEnumerable<MethodInfo> Of(string library, string type) => AppDomain.CurrentDomain.GetAssemblies()
        .Where(assembly => assembly.GetName().Name == library)
        .SelectMany(assembly => assembly.GetType(type)?.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly) ?? []);
}
