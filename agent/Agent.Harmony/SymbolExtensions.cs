using System.Linq.Expressions;
using System.Reflection;

namespace HarmonyLib;

/// <summary>Methods by an expression that calls them (harmony.pardeike.net, «SymbolExtensions»).</summary>
public static class SymbolExtensions
{
    /// <summary>The method of a call: `() => Method(…)`.</summary>
    /// <exception cref="ArgumentException">It is no call.</exception>
    public static MethodInfo GetMethodInfo(Expression<Action> expression) => GetMethodInfo((LambdaExpression)expression);

    /// <summary>The method of a call on its argument: `x => x.Method(…)`.</summary>
    /// <exception cref="ArgumentException">It is no call.</exception>
    public static MethodInfo GetMethodInfo<T>(Expression<Action<T>> expression) => GetMethodInfo((LambdaExpression)expression);

    /// <summary>The method of a call on its argument that returns something: `x => x.Method(…)`.</summary>
    /// <exception cref="ArgumentException">It is no call.</exception>
    public static MethodInfo GetMethodInfo<T, TResult>(Expression<Func<T, TResult>> expression) => GetMethodInfo((LambdaExpression)expression);

    /// <summary>The method of a call, or a method itself as a delegate, whatever they are converted to.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static MethodInfo GetMethodInfo(LambdaExpression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        var body = expression.Body;
        while (body is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } conversion)
            body = conversion.Operand;
        return body switch
        {
            MethodCallExpression { Object: ConstantExpression { Value: MethodInfo method }, Method.Name: nameof(MethodInfo.CreateDelegate) } => method,
            MethodCallExpression call => call.Method,
            _ => throw new ArgumentException($"invalid expression {expression}: it should consist of a method call only", nameof(expression)),
        };
    }
}
