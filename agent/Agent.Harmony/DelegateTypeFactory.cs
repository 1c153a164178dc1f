using System.Linq.Expressions;
using System.Reflection;

namespace HarmonyLib;

/// <summary>Delegate types for methods (harmony.pardeike.net, «DelegateTypeFactory»).</summary>
public class DelegateTypeFactory
{
    /// <summary>A delegate type with the parameters and the result of a method, without its instance.</summary>
    public Type CreateDelegateType(MethodInfo method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return Expression.GetDelegateType([.. method.GetParameters().Types(), method.ReturnType]);
    }
}
