/**
 * Runs JUnit 5 tests inside the kernel by Pax Exam, for which no JUnit 5 driver was ever released: {@link
 * run.itest.exam.PaxExam} starts a Pax Exam container with the bundles that ship, installs the probe bundle that Pax Exam
 * builds of the test classes, and runs each test method there, by a JUnit launcher of its own.
 */
package run.itest.exam;
