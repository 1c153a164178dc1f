using System.Reflection;

namespace Agent.Torture.Workload;

/// <summary>Implemented at run time; public, because the implementation is in another assembly.</summary>
public interface IGreet
{
    string Greet(string name, int times);
}

public class Greeter : DispatchProxy
{
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => $"{targetMethod!.Name}({string.Join(",", args!)})";
}
