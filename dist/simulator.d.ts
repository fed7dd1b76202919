export * from './simulator.cjs';
