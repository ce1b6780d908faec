global using Activation = FlowCore.Compute.UnaryFunction;
